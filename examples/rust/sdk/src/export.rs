//! How a plugin becomes a component: its one instance, what of it each interface calls, and the
//! macro that says which interfaces there are.

use crate::{
    AuthCredentials, AuthPlugin, AuthResult, DatabasePlugin, Decision, Error, Health,
    HttpMiddleware, HttpPlugin, HttpResponse, HttpStreamPlugin, Notification, NotificationPlugin,
    Plugin, PluginContext, Result, Route, Router, Session, State,
    bindings::{
        auth_plugin::exports::tusk::plugin::auth_plugin,
        database_plugin::exports::tusk::plugin::database_plugin,
        health::exports::tusk::plugin::health,
        http_middleware::exports::tusk::plugin::http_middleware,
        http_plugin::exports::tusk::plugin::http_plugin,
        http_stream_plugin::exports::tusk::plugin::http_stream_plugin,
        notification_plugin::exports::tusk::plugin::notification_plugin,
        plugin::exports::tusk::plugin::plugin, state::exports::tusk::plugin::state,
    },
    msgpack,
    services::install_logger,
    wire::{http_types, types},
};
use std::{cell::RefCell, thread::LocalKey};

/// A component: a plugin and the place where its one instance lives.
pub trait Component: 'static {
    /// The plugin.
    type Plugin: Plugin;

    /// Where it lives. A component has one thread, so a thread's own is the component's own.
    fn instance() -> &'static LocalKey<RefCell<Self::Plugin>>;

    /// Calls the plugin.
    fn call<R>(function: impl FnOnce(&Self::Plugin) -> R) -> R {
        Self::instance().with_borrow(function)
    }

    /// Calls the plugin and lets it change.
    fn call_mut<R>(function: impl FnOnce(&mut Self::Plugin) -> R) -> R {
        Self::instance().with_borrow_mut(function)
    }
}

/// Makes the instance.
#[must_use]
pub fn create<P: Plugin + Default>() -> RefCell<P> {
    install_logger();
    RefCell::default()
}

impl<C: Component> plugin::Guest for C {
    fn info() -> plugin::PluginInfo {
        C::call(|plugin| plugin::PluginInfo {
            name: plugin.name().to_owned(),
            version: plugin.version().to_owned(),
            description: plugin.description().to_owned(),
        })
    }

    fn initialize(settings: Vec<u8>) -> Result<()> {
        C::call_mut(|plugin| plugin.initialize(&PluginContext::new(settings)))
    }

    fn shutdown() -> Result<()> {
        C::call_mut(Plugin::shutdown)
    }
}

impl<C: Component<Plugin: State>> state::Guest for C {
    fn save() -> Result<Vec<u8>> {
        msgpack::encode(&C::call(State::save)?)
    }

    fn restore(saved: Vec<u8>, saved_by: String) -> Result<()> {
        let saved = msgpack::decode_input("saved", &saved)?;
        C::call_mut(|plugin| plugin.restore(saved, &saved_by))
    }
}

impl<C: Component<Plugin: Health>> health::Guest for C {
    fn check() -> Result<()> {
        C::call(Health::check)
    }
}

impl<C: Component<Plugin: DatabasePlugin>> database_plugin::Guest for C {
    fn execute_query(query: String, params: Vec<u8>) -> Result<Vec<u8>> {
        let params: Vec<_> = msgpack::decode_input("params", &params)?;
        msgpack::encode(&C::call(|plugin| plugin.execute_query(&query, &params))?)
    }

    fn create_table(table_name: String, schema: String) -> Result<()> {
        C::call(|plugin| plugin.create_table(&table_name, &schema))
    }

    fn backup_database(backup_path: String) -> Result<()> {
        C::call(|plugin| plugin.backup_database(&backup_path))
    }
}

impl<C: Component<Plugin: HttpPlugin>> http_plugin::Guest for C {
    fn register_routes() -> Vec<Route> {
        let mut router = Router::default();
        C::call(|plugin| plugin.register_routes(&mut router));
        router.into_routes()
    }

    fn handle_request(request: http_types::Request) -> Result<HttpResponse> {
        let request = request.decode()?;
        C::call(|plugin| plugin.handle_request(&request))
    }
}

impl<C: Component<Plugin: HttpStreamPlugin>> http_stream_plugin::Guest for C {
    fn register_stream_routes() -> Vec<Route> {
        let mut router = Router::default();
        C::call(|plugin| plugin.register_stream_routes(&mut router));
        router.into_routes()
    }

    fn handle_stream(request: http_types::RequestHead) -> Result<()> {
        let request = request.decode()?;
        C::call(|plugin| plugin.handle_stream(&request))
    }
}

impl<C: Component<Plugin: HttpMiddleware>> http_middleware::Guest for C {
    fn before(request: http_types::Request) -> Result<http_middleware::Decision> {
        let request = request.decode()?;
        Ok(match C::call(|plugin| plugin.before(request))? {
            Decision::Next(request) => {
                http_middleware::Decision::Next(http_types::Request::encode(request)?)
            }
            Decision::Respond(response) => http_middleware::Decision::Respond(response),
        })
    }

    fn after(request: http_types::Request, response: HttpResponse) -> Result<HttpResponse> {
        let request = request.decode()?;
        C::call(|plugin| plugin.after(&request, response))
    }
}

impl<C: Component<Plugin: AuthPlugin>> auth_plugin::Guest for C {
    fn authenticate(credentials: auth_plugin::Credentials) -> Result<auth_plugin::AuthResult> {
        let credentials = match credentials {
            auth_plugin::Credentials::Password(auth_plugin::PasswordCredentials {
                username,
                password,
            }) => AuthCredentials::Password { username, password },
            auth_plugin::Credentials::Token(token) => AuthCredentials::Token(token),
        };
        Ok(match C::call(|plugin| plugin.authenticate(&credentials))? {
            AuthResult::Success(Session {
                user,
                token,
                expires_at_ms,
            }) => auth_plugin::AuthResult::Success(auth_plugin::Session {
                user: types::User::encode(user)?,
                token,
                expires_at_ms,
            }),
            AuthResult::Failure(text) => auth_plugin::AuthResult::Failure(text),
        })
    }

    fn authorize(user: types::User, resource: String, action: String) -> Result<bool> {
        let user = user.decode()?;
        C::call(|plugin| plugin.authorize(&user, &resource, &action))
    }

    fn get_user_permissions(user_id: u32) -> Result<Vec<String>> {
        C::call(|plugin| plugin.get_user_permissions(user_id))
    }
}

impl<C: Component<Plugin: NotificationPlugin>> notification_plugin::Guest for C {
    fn send_notification(notification: notification_plugin::Notification) -> Result<(), Error> {
        let notification = Notification {
            channel: notification.channel,
            recipient: notification.recipient,
            subject: notification.subject,
            body: notification.body,
            data: msgpack::decode_input("data", &notification.data)?,
        };
        C::call(|plugin| plugin.send_notification(&notification))
    }

    fn supported_channels() -> Vec<String> {
        C::call(NotificationPlugin::supported_channels)
    }

    fn test_connection() -> Result<bool> {
        C::call(NotificationPlugin::test_connection)
    }
}

/// Makes a plugin of a type: `export!(MyPlugin: HttpPlugin, DatabasePlugin);`
///
/// The type implements [`Plugin`](crate::Plugin), `Default`, and each trait that is named. The
/// component exports those, and nothing else.
///
/// Once in a crate, which is a `cdylib`.
#[macro_export]
macro_rules! export {
    ($plugin:ty: $($capability:ident),+ $(,)?) => {
        const _: () = {
            ::std::thread_local! {
                static INSTANCE: ::std::cell::RefCell<$plugin> = $crate::export::create();
            }

            struct Component;

            impl $crate::export::Component for Component {
                type Plugin = $plugin;

                fn instance() -> &'static ::std::thread::LocalKey<::std::cell::RefCell<$plugin>> {
                    &INSTANCE
                }
            }

            $crate::__export!(Plugin, Component);
            $($crate::__export!($capability, Component);)+
        };
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    (Plugin, $component:ident) => {
        $crate::bindings::plugin::export!($component with_types_in $crate::bindings::plugin);
    };
    (State, $component:ident) => {
        $crate::bindings::state::export!($component with_types_in $crate::bindings::state);
    };
    (Health, $component:ident) => {
        $crate::bindings::health::export!($component with_types_in $crate::bindings::health);
    };
    (DatabasePlugin, $component:ident) => {
        $crate::bindings::database_plugin::export!($component with_types_in $crate::bindings::database_plugin);
    };
    (HttpPlugin, $component:ident) => {
        $crate::bindings::http_plugin::export!($component with_types_in $crate::bindings::http_plugin);
    };
    (HttpStreamPlugin, $component:ident) => {
        $crate::bindings::http_stream_plugin::export!($component with_types_in $crate::bindings::http_stream_plugin);
    };
    (HttpMiddleware, $component:ident) => {
        $crate::bindings::http_middleware::export!($component with_types_in $crate::bindings::http_middleware);
    };
    (AuthPlugin, $component:ident) => {
        $crate::bindings::auth_plugin::export!($component with_types_in $crate::bindings::auth_plugin);
    };
    (NotificationPlugin, $component:ident) => {
        $crate::bindings::notification_plugin::export!($component with_types_in $crate::bindings::notification_plugin);
    };
    ($unknown:ident, $component:ident) => {
        ::std::compile_error!(::std::concat!(
            "there is no capability `", ::std::stringify!($unknown), "`: DatabasePlugin, HttpPlugin, \
             HttpStreamPlugin, HttpMiddleware, AuthPlugin, NotificationPlugin, State and Health can be exported"
        ));
    };
}
