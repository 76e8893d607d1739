use crate::{Field, HttpResponse, Result, bindings::services::tusk::plugin::http_client};
use serde::Serialize;
use std::time::Duration;

/// A service: requests to other servers. The permission `http-client`.
///
/// ```no_run
/// # use tusk_plugin::{OutgoingRequest, PluginContext, Result, json};
/// # fn example(context: &PluginContext) -> Result<()> {
/// let request = OutgoingRequest::new("POST", "https://example.org/hook").with_json(&json!({ "a": 1 }))?;
/// let response = context.http.send(request)?;
/// assert_eq!(response.status, 204);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct HttpClient;

impl HttpClient {
    /// Sends a request and waits for the whole response. Any status is a success.
    ///
    /// # Errors
    ///
    /// What the host answers: [`Error::Denied`](crate::Error::Denied),
    /// [`Error::Timeout`](crate::Error::Timeout), [`Error::Unavailable`](crate::Error::Unavailable), …
    pub fn send(&self, request: OutgoingRequest) -> Result<HttpResponse> {
        http_client::send(&http_client::OutgoingRequest {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
            timeout_ms: request
                .timeout
                .map(|timeout| u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX)),
        })
    }

    /// Sends a `GET`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn get(&self, url: &str) -> Result<HttpResponse> {
        self.send(OutgoingRequest::new("GET", url))
    }
}

/// A request to another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// In upper case: `POST`.
    pub method: String,
    /// `https://host:port/path?query`.
    pub url: String,
    /// In the order in which they are sent.
    pub headers: Vec<Field>,
    /// What is sent.
    pub body: Vec<u8>,
    /// For the whole exchange, to the millisecond; the host's own limit if that is shorter.
    pub timeout: Option<Duration>,
}

impl OutgoingRequest {
    /// A request with nothing but a method and a URL.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: None,
        }
    }

    /// The same request with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(Field::new(name, value));
        self
    }

    /// The same request with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The same request with a value as JSON.
    ///
    /// # Errors
    ///
    /// When the type's own `Serialize` fails.
    pub fn with_json(self, value: &(impl Serialize + ?Sized)) -> Result<Self> {
        let body = serde_json::to_vec(value)?;
        Ok(self
            .with_header("content-type", "application/json")
            .with_body(body))
    }

    /// The same request, given up after this time.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}
