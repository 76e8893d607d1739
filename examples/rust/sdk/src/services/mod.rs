mod cache;
mod clock;
mod config;
mod database;
mod http_client;
mod logger;
mod peers;
mod random;

pub use cache::Cache;
pub use clock::Clock;
pub use config::Config;
pub use database::{Connection, Database, Transaction};
pub use http_client::{HttpClient, OutgoingRequest};
pub use logger::{Level, Logger};
pub use peers::Peers;
pub use random::Random;

pub(crate) use logger::install_logger;
