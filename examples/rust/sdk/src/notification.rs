use crate::{Plugin, Result, Value};
use serde::{Deserialize, Serialize};

/// A capability: tells people things.
pub trait NotificationPlugin: Plugin {
    /// Sends a message. Success means that the channel has taken it.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`](crate::Error::Unsupported) when there is no such channel.
    fn send_notification(&self, notification: &Notification) -> Result<()>;

    /// The channels that this plugin is set up for: `email`, `webhook`.
    fn supported_channels(&self) -> Vec<String>;

    /// Whether the service behind the channels can be reached now.
    ///
    /// # Errors
    ///
    /// When it cannot be found out.
    fn test_connection(&self) -> Result<bool>;
}

/// A message for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// One of the supported channels.
    pub channel: String,
    /// Whom it is for, in the channel's own form: an address, a URL, a number.
    pub recipient: String,
    /// In one line.
    pub subject: String,
    /// In full.
    pub body: String,
    /// Whatever else the channel understands: an object.
    pub data: Value,
}
