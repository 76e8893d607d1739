use super::{Field, Router};
use crate::{Plugin, Result, User, bindings::services::tusk::plugin::http_streams};
use std::io::{self, BufRead, Read, Write};

/// A capability: answers HTTP requests whose bodies are too large, or take too long, to be had as a
/// whole.
///
/// ```
/// # use tusk_plugin::{HttpStreamPlugin, Plugin, PluginContext, ResponseHead, Result, Router, StreamRequest};
/// # #[derive(Default)]
/// # struct Upper;
/// # impl Plugin for Upper {
/// #     fn name(&self) -> &str { "upper" }
/// #     fn version(&self) -> &str { "1.0.0" }
/// #     fn description(&self) -> &str { "Shouts" }
/// #     fn initialize(&mut self, _: &PluginContext) -> Result<()> { Ok(()) }
/// # }
/// use std::io::{BufRead, Write};
///
/// impl HttpStreamPlugin for Upper {
///     fn register_stream_routes(&self, router: &mut Router) {
///         router.post("/upper");
///     }
///
///     fn handle_stream(&self, request: &StreamRequest) -> Result<()> {
///         let mut answer = request.respond(ResponseHead::new(200))?;
///         for line in request.body()?.lines() {
///             writeln!(answer, "{}", line?.to_uppercase())?;
///         }
///         answer.finish()
///     }
/// }
/// ```
pub trait HttpStreamPlugin: Plugin {
    /// Names the routes that are answered so. Called once, after `initialize`.
    fn register_stream_routes(&self, router: &mut Router);

    /// Answers a request: `respond`s, writes, and `finish`es.
    ///
    /// # Errors
    ///
    /// An error before it has responded becomes a problem document (RFC 9457); afterwards the
    /// connection is cut, so that nobody takes a part for the whole.
    fn handle_stream(&self, request: &StreamRequest) -> Result<()>;
}

/// A request whose bodies are streams. They end with the call: a use afterwards is
/// [`Error::Conflict`](crate::Error::Conflict).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamRequest {
    /// The same in every log line that this request causes.
    pub id: String,
    /// In upper case, as sent: `HEAD` where a route of `GET` is asked for its head alone.
    pub method: String,
    /// Without the query, and not decoded: `/users/7`. What is below the plugin's mount.
    pub path: String,
    /// What the pattern of the matched route bound, decoded: `id` = `7`.
    pub params: Vec<Field>,
    /// The query's parameters in their order, decoded. A repeated name stands repeatedly.
    pub query: Vec<Field>,
    /// In their order, names in lower case. A repeated header stands repeatedly.
    pub headers: Vec<Field>,
    /// Who asks, where the route is guarded by an auth plugin.
    pub user: Option<User>,
}

impl StreamRequest {
    /// The path's segments, as they were sent, for a `match` on what was asked.
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

    /// What the client sends. Once.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) the second time.
    pub fn body(&self) -> Result<RequestBody> {
        Ok(RequestBody {
            body: http_streams::request_body()?,
            piece: Vec::new(),
            taken: 0,
        })
    }

    /// Sends the head of the answer, and gives the body that follows it. Once.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) the second time,
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a head that is none.
    pub fn respond(&self, head: ResponseHead) -> Result<ResponseBody> {
        let ResponseHead { status, headers } = head;
        http_streams::respond(status, &headers).map(ResponseBody)
    }
}

/// What comes before the body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// 200 to 599.
    pub status: u16,
    /// `content-length` may be said, and then has to be kept; the headers of the connection are the
    /// host's.
    pub headers: Vec<Field>,
}

impl ResponseHead {
    /// A head with nothing but a status.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
        }
    }

    /// The same head with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(Field::new(name, value));
        self
    }
}

/// What is asked of the host at once.
const PIECE_BYTES: u32 = 65_536;

/// What a client sends, as it comes: [`Read`] and [`BufRead`]. `?` turns their errors back into an
/// [`Error`](crate::Error).
#[derive(Debug)]
pub struct RequestBody {
    body: http_streams::InputBody,
    piece: Vec<u8>,
    taken: usize,
}

impl Read for RequestBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for RequestBody {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.piece.len() {
            self.piece = self.body.read(PIECE_BYTES)?.unwrap_or_default();
            self.taken = 0;
        }
        Ok(&self.piece[self.taken..])
    }

    fn consume(&mut self, bytes: usize) {
        self.taken += bytes;
    }
}

/// What a client gets, as it is written: [`Write`], which waits while the client is slow. What was
/// written is on its way, so many small pieces are best collected by a [`io::BufWriter`].
#[derive(Debug)]
#[must_use = "an answer has to be finished"]
pub struct ResponseBody(http_streams::OutputBody);

impl ResponseBody {
    /// This was all. Without it the answer is broken off.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) if `content-length` said something else.
    pub fn finish(self) -> Result<()> {
        self.0.finish()
    }
}

/// What the host takes at once.
const MAX_PIECE_BYTES: usize = 1_048_576;

impl Write for ResponseBody {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = &bytes[..bytes.len().min(MAX_PIECE_BYTES)];
        self.0.write(piece)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
