//! The contract's shared types as they cross. Those that hold no JSON are this crate's own; in the
//! others the JSON is bytes, and stands decoded in the type of the same name outside.
#![allow(missing_docs)]

pub mod types {
    use crate::{Result, msgpack};

    pub use crate::{Error, Field};

    pub type Json = Vec<u8>;

    #[derive(Clone, Debug)]
    pub struct User {
        pub id: u32,
        pub name: String,
        pub roles: Vec<String>,
        pub claims: Json,
    }

    impl User {
        pub fn decode(self) -> Result<crate::User> {
            Ok(crate::User {
                id: self.id,
                name: self.name,
                roles: self.roles,
                claims: msgpack::decode_input("claims", &self.claims)?,
            })
        }

        pub fn encode(user: crate::User) -> Result<Self> {
            Ok(Self {
                id: user.id,
                name: user.name,
                roles: user.roles,
                claims: msgpack::encode(&user.claims)?,
            })
        }
    }
}

pub mod http_types {
    use super::types::{Field, User};
    use crate::{HttpRequest, Result, StreamRequest};

    pub use crate::{HttpResponse as Response, Route};

    #[derive(Clone, Debug)]
    pub struct Request {
        pub id: String,
        pub method: String,
        pub path: String,
        pub params: Vec<Field>,
        pub query: Vec<Field>,
        pub headers: Vec<Field>,
        pub body: Vec<u8>,
        pub user: Option<User>,
    }

    #[derive(Clone, Debug)]
    pub struct RequestHead {
        pub id: String,
        pub method: String,
        pub path: String,
        pub params: Vec<Field>,
        pub query: Vec<Field>,
        pub headers: Vec<Field>,
        pub user: Option<User>,
    }

    impl RequestHead {
        pub fn decode(self) -> Result<StreamRequest> {
            Ok(StreamRequest {
                id: self.id,
                method: self.method,
                path: self.path,
                params: self.params,
                query: self.query,
                headers: self.headers,
                user: self.user.map(User::decode).transpose()?,
            })
        }
    }

    impl Request {
        pub fn decode(self) -> Result<HttpRequest> {
            Ok(HttpRequest {
                id: self.id,
                method: self.method,
                path: self.path,
                params: self.params,
                query: self.query,
                headers: self.headers,
                body: self.body,
                user: self.user.map(User::decode).transpose()?,
            })
        }

        pub fn encode(request: HttpRequest) -> Result<Self> {
            Ok(Self {
                id: request.id,
                method: request.method,
                path: request.path,
                params: request.params,
                query: request.query,
                headers: request.headers,
                body: request.body,
                user: request.user.map(User::encode).transpose()?,
            })
        }
    }
}
