//! What wit-bindgen makes of the contract: a module for what plugins import, and one for each
//! interface that they may export. Nothing here is for plugin authors.
//!
//! Every interface has a world of its own, because the section that describes a world travels with
//! that world's export macro: a component then describes, and exports, exactly what its plugin named.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

pub mod services {
    wit_bindgen::generate!({
        path: "../../../wit",
        world: "tusk:plugin/services",
        generate_all,
        with: {
            "tusk:plugin/types@0.1.0": crate::wire::types,
            "tusk:plugin/http-types@0.1.0": crate::wire::http_types,
        },
    });
}

macro_rules! capability {
    ($module:ident, $world:literal $(, $with:literal: $types:path)*) => {
        pub mod $module {
            wit_bindgen::generate!({
                path: ["../../../wit", "wit"],
                world: $world,
                pub_export_macro: true,
                with: {
                    "tusk:plugin/types@0.1.0": crate::wire::types,
                    $($with: $types,)*
                },
            });
        }
    };
}

capability!(plugin, "tusk:sdk/plugin");
capability!(state, "tusk:sdk/state");
capability!(health, "tusk:sdk/health");
capability!(database_plugin, "tusk:sdk/database-plugin");
capability!(auth_plugin, "tusk:sdk/auth-plugin");
capability!(notification_plugin, "tusk:sdk/notification-plugin");
capability!(http_plugin, "tusk:sdk/http-plugin", "tusk:plugin/http-types@0.1.0": crate::wire::http_types);
capability!(http_stream_plugin, "tusk:sdk/http-stream-plugin", "tusk:plugin/http-types@0.1.0": crate::wire::http_types);
capability!(http_middleware, "tusk:sdk/http-middleware", "tusk:plugin/http-types@0.1.0": crate::wire::http_types);
