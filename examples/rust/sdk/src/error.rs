use std::fmt::{self, Display};

/// What a plugin's functions and the host's services return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be done.
///
/// The case says what a caller can do about it. The text says it to a person: a sentence without
/// secrets, for it may reach a log.
///
/// `?` makes an `Error` of what serde and a bare text report. For anything else there is a
/// constructor that takes whatever can be displayed:
///
/// ```
/// # use tusk_plugin::{Error, Result};
/// fn port(text: &str) -> Result<u16> {
///     let digits = text.strip_prefix(':').ok_or("a port starts with a colon")?;
///     digits.parse().map_err(Error::invalid_input)
/// }
///
/// assert_eq!(port(":80"), Ok(80));
/// assert_eq!(port("80"), Err(Error::Internal("a port starts with a colon".into())));
/// assert!(matches!(port(":http"), Err(Error::InvalidInput(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// The arguments are wrong: the same call fails again.
    InvalidInput(String),
    /// There is no such thing.
    NotFound(String),
    /// It is there already, or somebody else changed it first.
    Conflict(String),
    /// The caller may not do this.
    Denied(String),
    /// It would be larger, or more, than what is allowed.
    LimitExceeded(String),
    /// It took too long.
    Timeout(String),
    /// What it depends on cannot be reached: the same call may succeed later.
    Unavailable(String),
    /// This plugin, or this host, does not do that.
    Unsupported(String),
    /// Anything else: a fault of the one who answers.
    Internal(String),
}

macro_rules! constructors {
    ($($constructor:ident => $case:ident),+ $(,)?) => {
        impl Error {
            $(
                #[doc = concat!("[`Error::", stringify!($case), "`] with this text.")]
                #[must_use]
                pub fn $constructor(text: impl Display) -> Self {
                    Self::$case(text.to_string())
                }
            )+

            /// What happened, for a person.
            #[must_use]
            pub fn text(&self) -> &str {
                match self {
                    $(Self::$case(text) => text,)+
                }
            }
        }
    };
}

constructors! {
    invalid_input => InvalidInput,
    not_found => NotFound,
    conflict => Conflict,
    denied => Denied,
    limit_exceeded => LimitExceeded,
    timeout => Timeout,
    unavailable => Unavailable,
    unsupported => Unsupported,
    internal => Internal,
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Error {}

/// [`Error::Internal`]: who knows better says so with a constructor.
impl From<&str> for Error {
    fn from(text: &str) -> Self {
        Self::Internal(text.to_owned())
    }
}

/// [`Error::Internal`]: who knows better says so with a constructor.
impl From<String> for Error {
    fn from(text: String) -> Self {
        Self::Internal(text)
    }
}

/// [`Error::InvalidInput`]: what was given does not have the form that was asked for.
impl From<rmp_serde::decode::Error> for Error {
    fn from(error: rmp_serde::decode::Error) -> Self {
        Self::invalid_input(error)
    }
}

/// [`Error::Internal`]: what was to be sent cannot be.
impl From<rmp_serde::encode::Error> for Error {
    fn from(error: rmp_serde::encode::Error) -> Self {
        Self::internal(error)
    }
}

/// [`Error::InvalidInput`] for a text that is no JSON, or not of the form that was asked for;
/// [`Error::Internal`] for a value that cannot be written.
impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() {
            Self::internal(error)
        } else {
            Self::invalid_input(error)
        }
    }
}

/// What a body reported that was read or written as [`std::io`] does; else [`Error::Internal`].
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::internal)
    }
}

/// Something that failed while reading or writing. `?` makes the same `Error` of it again.
impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_by_every_case() {
        assert_eq!(Error::not_found("no ✗ 🦣").text(), "no ✗ 🦣");
        assert_eq!(Error::internal("why").to_string(), "why");
        assert_eq!(Error::from("why"), Error::Internal("why".into()));
    }

    #[test]
    fn an_error_comes_through_io_as_it_was() {
        let error = Error::unavailable("gone");
        assert_eq!(Error::from(std::io::Error::from(error.clone())), error);
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert!(matches!(Error::from(full), Error::Internal(_)));
    }

    #[test]
    fn what_cannot_be_read_is_the_callers_fault() {
        let msgpack = rmp_serde::from_slice::<u8>(&[0xa0]).unwrap_err();
        assert!(matches!(Error::from(msgpack), Error::InvalidInput(_)));
        let json = serde_json::from_str::<u8>("nonsense").unwrap_err();
        assert!(matches!(Error::from(json), Error::InvalidInput(_)));
    }
}
