use super::Field;
use crate::{Result, User};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A request as it reached the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// The same in every log line that this request causes.
    pub id: String,
    /// In upper case: `GET`.
    pub method: String,
    /// Without the query, and not decoded: `/users/7`. What is below the plugin's mount; in
    /// middleware, as sent.
    pub path: String,
    /// What the pattern of the matched route bound, decoded: `id` = `7`.
    pub params: Vec<Field>,
    /// The query's parameters in their order, decoded. A repeated name stands repeatedly.
    pub query: Vec<Field>,
    /// In their order, names in lower case. A repeated header stands repeatedly.
    pub headers: Vec<Field>,
    /// What was sent.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// Who asks, where the route is guarded by an auth plugin.
    pub user: Option<User>,
}

impl HttpRequest {
    /// A request with nothing but a method and a path.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            path: path.into(),
            ..Self::default()
        }
    }

    /// The path's segments, as they were sent, for a `match` on what was asked:
    ///
    /// ```
    /// # use tusk_plugin::{HttpRequest, HttpResponse, Result, json};
    /// fn handle_request(request: &HttpRequest) -> Result<HttpResponse> {
    ///     match (request.method.as_str(), request.segments().as_slice()) {
    ///         ("GET", ["users", id]) => HttpResponse::json(&json!({ "id": *id })),
    ///         _ => Ok(HttpResponse::not_found()),
    ///     }
    /// }
    /// assert_eq!(handle_request(&HttpRequest::new("GET", "/users/7"))?.text()?, r#"{"id":"7"}"#);
    /// # Ok::<(), tusk_plugin::Error>(())
    /// ```
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        super::segments(&self.path)
    }

    /// What the route's pattern bound to this name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        super::find(&self.params, name)
    }

    /// The first parameter of the query of this name.
    #[must_use]
    pub fn query_param(&self, name: &str) -> Option<&str> {
        super::find(&self.query, name)
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        super::find(&self.headers, name)
    }

    /// The same request with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(Field::new(name, value));
        self
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        super::text(&self.body)
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when it is none, or not of this form.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_falls_into_its_segments() {
        let segments = |path| HttpRequest::new("GET", path).segments().join("|");
        assert_eq!(segments("/users/7"), "users|7");
        assert_eq!(segments("/"), "");
        assert_eq!(segments("/a//b/"), "a||b|");
    }

    #[test]
    fn the_first_of_a_repeated_header_is_found_whatever_its_case() {
        let request = HttpRequest::new("GET", "/")
            .with_header("x-one", "1")
            .with_header("X-One", "2");
        assert_eq!(request.header("X-ONE"), Some("1"));
        assert_eq!(request.header("x-two"), None);
    }

    #[test]
    fn a_body_that_is_no_json_is_the_senders_fault() {
        let mut request = HttpRequest::new("POST", "/");
        request.body = br#"{"a":1}"#.to_vec();
        assert_eq!(request.json::<crate::Value>(), Ok(crate::json!({ "a": 1 })));
        request.body = vec![0xff];
        assert!(matches!(
            request.json::<u8>(),
            Err(crate::Error::InvalidInput(_))
        ));
        assert!(matches!(request.text(), Err(crate::Error::InvalidInput(_))));
    }
}
