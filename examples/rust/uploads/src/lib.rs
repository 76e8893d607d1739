//! Takes uploads of any length and says what they were: `curl -T FILE URL/uploads`.
//!
//! The answer is a stream of events (`text/event-stream`) that begins while the upload is still
//! coming: how much there was so far, and at the end how much it was and its SHA-256. Of the upload
//! itself no more than a piece is ever in memory.

use sha2::{Digest, Sha256};
use std::io::{BufRead, Write};
use tusk_plugin::{
    HttpStreamPlugin, Plugin, PluginContext, ResponseBody, ResponseHead, Result, Router,
    StreamRequest, Value, json,
};

/// After so many bytes it says how much there was.
const STRIDE_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Default)]
struct UploadsPlugin;

impl Plugin for UploadsPlugin {
    fn name(&self) -> &str {
        env!("CARGO_PKG_NAME")
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn description(&self) -> &str {
        env!("CARGO_PKG_DESCRIPTION")
    }

    fn initialize(&mut self, _: &PluginContext) -> Result<()> {
        Ok(())
    }
}

impl HttpStreamPlugin for UploadsPlugin {
    fn register_stream_routes(&self, router: &mut Router) {
        router.post("/uploads").put("/uploads");
    }

    fn handle_stream(&self, request: &StreamRequest) -> Result<()> {
        let head = ResponseHead::new(200)
            .with_header("content-type", "text/event-stream")
            .with_header("cache-control", "no-store");
        let mut answer = request.respond(head)?;
        let mut body = request.body()?;
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut told = 0;
        loop {
            let piece = body.fill_buf()?;
            let length = piece.len();
            if length == 0 {
                break;
            }
            hash.update(piece);
            body.consume(length);
            bytes += length as u64;
            if bytes - told >= STRIDE_BYTES {
                told = bytes;
                tell(&mut answer, "progress", &json!({ "bytes": bytes }))?;
            }
        }
        let sha256 = format!("{:x}", hash.finalize());
        tell(
            &mut answer,
            "done",
            &json!({ "bytes": bytes, "sha256": sha256 }),
        )?;
        answer.finish()
    }
}

/// Sends an event, which is on its way at once.
fn tell(answer: &mut ResponseBody, event: &str, data: &Value) -> Result<()> {
    let data = serde_json::to_string(data)?;
    // As one piece: what is formatted into a body is written bit by bit.
    let text = format!("event: {event}\ndata: {data}\n\n");
    Ok(answer.write_all(text.as_bytes())?)
}

tusk_plugin::export!(UploadsPlugin: HttpStreamPlugin);
