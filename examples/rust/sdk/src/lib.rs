//! Plugins for `tusk-host`, in Rust.
//!
//! A plugin is a type that implements [`Plugin`] and a trait for each of its capabilities:
//! [`DatabasePlugin`], [`HttpPlugin`] (and [`HttpStreamPlugin`], [`HttpMiddleware`]), [`AuthPlugin`],
//! [`NotificationPlugin`]; if it likes, [`State`] and [`Health`] too. [`export!`] makes a component
//! of it.
//!
//! ```
//! use tusk_plugin::{
//!     HttpPlugin, HttpRequest, HttpResponse, Plugin, PluginContext, Result, Router, log,
//! };
//!
//! #[derive(Default)]
//! struct Hello {
//!     greeting: String,
//! }
//!
//! impl Plugin for Hello {
//!     fn name(&self) -> &str { "hello" }
//!     fn version(&self) -> &str { "1.0.0" }
//!     fn description(&self) -> &str { "Greets" }
//!
//!     fn initialize(&mut self, context: &PluginContext) -> Result<()> {
//!         self.greeting = context.config.get("greeting")?.unwrap_or("Hello".into());
//!         log::info!("greeting with {:?}", self.greeting);
//!         Ok(())
//!     }
//! }
//!
//! impl HttpPlugin for Hello {
//!     fn register_routes(&self, router: &mut Router) {
//!         router.get("/hello/:name");
//!     }
//!
//!     fn handle_request(&self, request: &HttpRequest) -> Result<HttpResponse> {
//!         let name = request.param("name").unwrap_or("you");
//!         Ok(HttpResponse::plain(format!("{}, {name}!", self.greeting)))
//!     }
//! }
//!
//! tusk_plugin::export!(Hello: HttpPlugin);
//! ```
//!
//! The crate is a `cdylib`. `tusk build` makes a component of it, and so does
//! `cargo build --target wasm32-wasip2`.
//!
//! - What a plugin uses arrives in its [`PluginContext`]: settings, log, cache, databases, HTTP,
//!   mail, other plugins, time, randomness. It asks for the permission to use what it uses, and no other.
//! - JSON is [`Value`], or any type that serde knows.
//! - What fails is an [`Error`], whose case says what a caller can do about it.
//! - The `log` crate writes to the host's log, and so does a panic, with its place in the source. A
//!   panic ends the instance; the next call gets a fresh one.

mod auth;
mod context;
mod database;
mod error;
mod http;
mod msgpack;
mod notification;
mod plugin;
mod services;
mod value;

// For the macros only.
#[doc(hidden)]
pub mod bindings;
#[doc(hidden)]
pub mod export;
#[doc(hidden)]
pub mod wire;

pub use auth::{AuthCredentials, AuthPlugin, AuthResult, Session, User};
pub use context::PluginContext;
pub use database::DatabasePlugin;
pub use error::{Error, Result};
pub use http::{
    Decision, Field, HttpMiddleware, HttpPlugin, HttpRequest, HttpResponse, HttpStreamPlugin,
    RequestBody, ResponseBody, ResponseHead, Route, Router, StreamRequest,
};
/// Its macros write to the host's log: `log::info!("…")`.
pub use log;
pub use notification::{Notification, NotificationPlugin};
pub use plugin::{Health, Plugin, State};
pub use services::{
    Cache, Clock, Config, Connection, Database, Email, HttpClient, Level, Logger, Mail,
    OutgoingRequest, Peers, Random, Timer, Transaction,
};
pub use value::{Map, Number, Value, from_value, to_value};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
