mod request;
mod response;
mod route;
mod stream;

pub use request::HttpRequest;
pub use response::HttpResponse;
pub use route::{Route, Router};
pub use stream::{HttpStreamPlugin, RequestBody, ResponseBody, ResponseHead, StreamRequest};

use crate::{Plugin, Result};
use serde::{Deserialize, Serialize};

/// A capability: answers HTTP requests.
pub trait HttpPlugin: Plugin {
    /// Names the routes that this plugin answers. Called once, after `initialize`.
    fn register_routes(&self, router: &mut Router);

    /// Answers a request for one of the routes.
    ///
    /// # Errors
    ///
    /// An error becomes a problem document (RFC 9457), its status by its case.
    fn handle_request(&self, request: &HttpRequest) -> Result<HttpResponse>;
}

/// Optional: sees the requests of every route. What `HttpPlugin::middleware` returns in the original.
///
/// Middleware runs in the order in which plugins were loaded on the way in, and in the reverse order
/// on the way out.
pub trait HttpMiddleware: Plugin {
    /// Called before the route's plugin; says what becomes of the request.
    ///
    /// # Errors
    ///
    /// The request is answered with the error.
    fn before(&self, request: HttpRequest) -> Result<Decision>;

    /// Called with the answer to a request that `before` let through. What it returns is sent; by
    /// default, the answer as it came.
    ///
    /// # Errors
    ///
    /// The request is answered with the error instead.
    fn after(&self, request: &HttpRequest, response: HttpResponse) -> Result<HttpResponse> {
        let _ = request;
        Ok(response)
    }
}

/// What becomes of a request that middleware has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "it lives for one call")]
pub enum Decision {
    /// It goes on, as it is here.
    Next(HttpRequest),
    /// It is answered here; nothing further in sees it.
    Respond(HttpResponse),
}

/// A name with its value: a header, a query parameter, a parameter of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The name. Of a request's header, in lower case.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Field {
    /// A field of this name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// The first field of this name, whatever its case.
fn find<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    let mut fields = fields.iter();
    let field = fields.find(|field| field.name.eq_ignore_ascii_case(name))?;
    Some(&field.value)
}

/// The segments of a path.
fn segments(path: &str) -> Vec<&str> {
    path.strip_prefix('/').unwrap_or(path).split('/').collect()
}

/// A body as text.
fn text(body: &[u8]) -> Result<&str> {
    std::str::from_utf8(body).map_err(crate::Error::invalid_input)
}
