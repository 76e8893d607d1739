use super::Field;
use crate::Result;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// An answer, of a plugin or to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpResponse {
    /// 200 to 599.
    pub status: u16,
    /// `content-length` and the headers of the connection are the host's.
    pub headers: Vec<Field>,
    /// What is sent.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// An answer with nothing but a status.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// 404, with nothing to say.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404)
    }

    /// 200 with a text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(200)
            .with_header("content-type", "text/plain; charset=utf-8")
            .with_body(text.into())
    }

    /// 200 with a value as JSON.
    ///
    /// # Errors
    ///
    /// When the type's own `Serialize` fails.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self> {
        let response = Self::new(200).with_header("content-type", "application/json");
        Ok(response.with_body(serde_json::to_vec(value)?))
    }

    /// The same answer with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same answer with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(Field::new(name, value));
        self
    }

    /// The same answer with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The first header of this name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        super::find(&self.headers, name)
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
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn an_answer_in_json_says_so() {
        let response = HttpResponse::json(&json!({ "a": [1] }))
            .unwrap()
            .with_status(201);
        assert_eq!(response.status, 201);
        assert_eq!(response.header("Content-Type"), Some("application/json"));
        assert_eq!(response.text(), Ok(r#"{"a":[1]}"#));
        assert_eq!(response.parse(), Ok(json!({ "a": [1] })));
        assert_eq!(HttpResponse::plain("🦣").text(), Ok("🦣"));
    }
}
