use serde::{Deserialize, Serialize};

/// Which requests a plugin answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// In upper case, or `*` for any.
    pub method: String,
    /// `/users/:id` binds one segment, `/files/*` binds the rest.
    pub pattern: String,
}

impl Route {
    /// A route for this method and this pattern.
    pub fn new(method: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            pattern: pattern.into(),
        }
    }
}

/// Where a plugin names its routes.
///
/// ```
/// # use tusk_plugin::{Route, Router};
/// let mut router = Router::default();
/// router.get("/users/:id").post("/users").add_route(Route::new("*", "/files/*"));
/// assert_eq!(router.routes()[0], Route::new("GET", "/users/:id"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Router {
    routes: Vec<Route>,
}

impl Router {
    /// Adds a route.
    pub fn add_route(&mut self, route: Route) -> &mut Self {
        self.routes.push(route);
        self
    }

    /// Adds a route for `GET`.
    pub fn get(&mut self, pattern: &str) -> &mut Self {
        self.add_route(Route::new("GET", pattern))
    }

    /// Adds a route for `POST`.
    pub fn post(&mut self, pattern: &str) -> &mut Self {
        self.add_route(Route::new("POST", pattern))
    }

    /// Adds a route for `PUT`.
    pub fn put(&mut self, pattern: &str) -> &mut Self {
        self.add_route(Route::new("PUT", pattern))
    }

    /// Adds a route for `PATCH`.
    pub fn patch(&mut self, pattern: &str) -> &mut Self {
        self.add_route(Route::new("PATCH", pattern))
    }

    /// Adds a route for `DELETE`.
    pub fn delete(&mut self, pattern: &str) -> &mut Self {
        self.add_route(Route::new("DELETE", pattern))
    }

    /// Adds a route for every method.
    pub fn any(&mut self, pattern: &str) -> &mut Self {
        self.add_route(Route::new("*", pattern))
    }

    /// The routes so far, in their order.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    pub(crate) fn into_routes(self) -> Vec<Route> {
        self.routes
    }
}
