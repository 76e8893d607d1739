//! The route of `plugins-as/api` that tells its version, in Rust: what the two are measured by.

use serde::Serialize;
use tusk_plugin::{HttpPlugin, HttpRequest, HttpResponse, Plugin, PluginContext, Result, Router};

#[derive(Serialize)]
struct About {
    version: &'static str,
    name: &'static str,
}

#[derive(Default)]
struct Api;

impl Plugin for Api {
    fn name(&self) -> &str {
        "api-rust"
    }

    fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    fn description(&self) -> &str {
        env!("CARGO_PKG_DESCRIPTION")
    }

    fn initialize(&mut self, _context: &PluginContext) -> Result<()> {
        Ok(())
    }

    fn shutdown(&mut self) -> Result<()> {
        Ok(())
    }
}

impl HttpPlugin for Api {
    fn register_routes(&self, router: &mut Router) {
        router.get("/api/version");
    }

    fn handle_request(&self, _request: &HttpRequest) -> Result<HttpResponse> {
        HttpResponse::json(&About {
            version: "1.0.0",
            name: "api",
        })
    }
}

tusk_plugin::export!(Api: HttpPlugin);
