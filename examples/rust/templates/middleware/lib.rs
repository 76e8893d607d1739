//! Sees every request.

use tusk_plugin::{
    Decision, HttpMiddleware, HttpRequest, HttpResponse, Plugin, PluginContext, Result,
};

#[derive(Default)]
struct MyPlugin {
    closed: bool,
}

impl Plugin for MyPlugin {
    fn name(&self) -> &str {
        env!("CARGO_PKG_NAME")
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn description(&self) -> &str {
        env!("CARGO_PKG_DESCRIPTION")
    }

    fn initialize(&mut self, context: &PluginContext) -> Result<()> {
        self.closed = context.config.get("closed")?.unwrap_or(false);
        Ok(())
    }
}

impl HttpMiddleware for MyPlugin {
    fn before(&self, request: HttpRequest) -> Result<Decision> {
        if self.closed {
            let response = HttpResponse::plain("Closed").with_status(503);
            return Ok(Decision::Respond(response));
        }
        Ok(Decision::Next(request))
    }

    fn after(&self, _request: &HttpRequest, response: HttpResponse) -> Result<HttpResponse> {
        Ok(response.with_header("x-seen-by", self.name()))
    }
}

tusk_plugin::export!(MyPlugin: HttpMiddleware);
