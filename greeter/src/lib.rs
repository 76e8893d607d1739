//! Answers requests.

use tusk_plugin::{
    HttpPlugin, HttpRequest, HttpResponse, Plugin, PluginContext, Result, Router, json,
};

#[derive(Default)]
struct MyPlugin {
    greeting: String,
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
        let greeting = context.config.get("greeting")?;
        self.greeting = greeting.unwrap_or_else(|| "Hello".into());
        Ok(())
    }
}

impl HttpPlugin for MyPlugin {
    fn register_routes(&self, router: &mut Router) {
        router.get("/greeter").get("/greeter/:name");
    }

    fn handle_request(&self, request: &HttpRequest) -> Result<HttpResponse> {
        if !request.path.starts_with("/greeter") {
            return Ok(HttpResponse::not_found());
        }
        let name = request.param("name").unwrap_or("you");
        HttpResponse::json(&json!({ "greeting": format!("{}, {name}!", self.greeting) }))
    }
}

tusk_plugin::export!(MyPlugin: HttpPlugin);
