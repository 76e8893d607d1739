mod cache;
mod clock;
mod config;
mod database;
mod http_client;
mod logger;
mod mail;
mod peers;
mod random;
mod timer;

pub use cache::Cache;
pub use clock::Clock;
pub use config::Config;
pub use database::{Connection, Database, Transaction};
pub use http_client::{HttpClient, OutgoingRequest};
pub use logger::{Level, Logger};
pub use mail::{Email, Mail};
pub use peers::Peers;
pub use random::Random;
pub use timer::Timer;

pub(crate) use logger::install_logger;
