use crate::service::Service;
use serde::Deserialize;
use tusk_plugin::{
    AuthResult, Error, HttpRequest, HttpResponse, Result, Router, Session, User, json,
};

/// What a user may be allowed here: to make other users.
const USERS: (&str, &str) = ("users", "write");

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct NewUser {
    username: String,
    password: String,
    #[serde(default)]
    roles: Vec<String>,
}

pub fn register(router: &mut Router) {
    router
        .post("/auth/login")
        .post("/auth/logout")
        .get("/auth/me")
        .post("/auth/users")
        .get("/auth/keys");
}

pub fn handle(service: &Service, request: &HttpRequest) -> Result<HttpResponse> {
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/auth/login") => login(service, request),
        ("POST", "/auth/logout") => logout(service, request),
        ("GET", "/auth/me") => me(service, request),
        ("POST", "/auth/users") => add_user(service, request),
        ("GET", "/auth/keys") => HttpResponse::json(&service.public_keys()),
        _ => Ok(HttpResponse::not_found()),
    }
}

fn login(service: &Service, request: &HttpRequest) -> Result<HttpResponse> {
    let Login { username, password } = request.json()?;
    match service.sign_in(&username, &password)? {
        AuthResult::Success(Session {
            user,
            token,
            expires_at_ms,
        }) => secret(&json!({
            "token": token,
            "token_type": "Bearer",
            "expires_at_ms": expires_at_ms,
            "user": describe(&user),
        })),
        AuthResult::Failure(text) => Ok(refuse(&text)),
    }
}

fn logout(service: &Service, request: &HttpRequest) -> Result<HttpResponse> {
    if let Some(token) = bearer_token(request) {
        service.sign_out(token)?;
    }
    // Who was not signed in is signed out already.
    Ok(HttpResponse::new(204))
}

fn me(service: &Service, request: &HttpRequest) -> Result<HttpResponse> {
    let Some(user) = sender(service, request)? else {
        return Ok(refuse("Sign in first."));
    };
    let permissions = service.permissions(user.id)?;
    secret(&json!({ "user": describe(&user), "permissions": permissions }))
}

fn add_user(service: &Service, request: &HttpRequest) -> Result<HttpResponse> {
    let Some(user) = sender(service, request)? else {
        return Ok(refuse("Sign in first."));
    };
    let (resource, action) = USERS;
    if !service.allows(user.id, resource, action)? {
        return Err(Error::denied("You may not make users."));
    }
    let NewUser {
        username,
        password,
        roles,
    } = request.json()?;
    if !service.add_user(&username, &password, &roles)? {
        return Err(Error::conflict("There is a user of this name."));
    }
    Ok(HttpResponse::json(&json!({ "name": username, "roles": roles }))?.with_status(201))
}

/// Who sent a request.
fn sender(service: &Service, request: &HttpRequest) -> Result<Option<User>> {
    let Some(token) = bearer_token(request) else {
        return Ok(None);
    };
    Ok(match service.recognise(token)? {
        AuthResult::Success(session) => Some(session.user),
        AuthResult::Failure(_) => None,
    })
}

fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn describe(user: &User) -> tusk_plugin::Value {
    json!({ "id": user.id, "name": user.name.as_str(), "roles": user.roles.clone() })
}

/// An answer that nobody on the way may keep.
fn secret(value: &tusk_plugin::Value) -> Result<HttpResponse> {
    Ok(HttpResponse::json(value)?.with_header("cache-control", "no-store"))
}

/// 401, which no error of the contract stands for.
fn refuse(detail: &str) -> HttpResponse {
    let problem =
        json!({ "type": "about:blank", "title": "Unauthorized", "status": 401, "detail": detail });
    HttpResponse::new(401)
        .with_header("content-type", "application/problem+json")
        .with_header("www-authenticate", "Bearer")
        .with_body(problem.to_string())
}
