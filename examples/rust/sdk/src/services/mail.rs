use crate::{Result, bindings::services::tusk::plugin::mail};

/// A message to send.
pub use mail::Email;

/// A service: e-mail, by the host's mail server. The permission `mail`.
///
/// ```no_run
/// # use tusk_plugin::{Email, PluginContext, Result};
/// # fn example(context: &PluginContext) -> Result<()> {
/// context.mail.send(&Email {
///     to: vec!["ada@example.com".into()],
///     subject: "Hello".into(),
///     text: "It works.".into(),
///     html: None,
/// })
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Mail;

impl Mail {
    /// Sends a message. Success means that the mail server has taken it for every recipient.
    ///
    /// # Errors
    ///
    /// What the host answers: [`Error::Denied`](crate::Error::Denied) for a recipient that was not
    /// granted, [`Error::Unavailable`](crate::Error::Unavailable), …
    pub fn send(&self, email: &Email) -> Result<()> {
        mail::send(email)
    }

    /// Whether the mail server can be reached and lets the host in.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`](crate::Error::Unavailable) when not.
    pub fn verify(&self) -> Result<()> {
        mail::verify()
    }
}
