//! Tells people things.

use tusk_plugin::{Error, Notification, NotificationPlugin, Plugin, PluginContext, Result, log};

#[derive(Default)]
struct MyPlugin;

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

    fn initialize(&mut self, _context: &PluginContext) -> Result<()> {
        Ok(())
    }
}

impl NotificationPlugin for MyPlugin {
    fn send_notification(&self, notification: &Notification) -> Result<()> {
        match notification.channel.as_str() {
            "log" => {
                log::info!("{} for {}", notification.subject, notification.recipient);
                Ok(())
            }
            channel => Err(Error::unsupported(format!("There is no channel {channel}."))),
        }
    }

    fn supported_channels(&self) -> Vec<String> {
        vec!["log".into()]
    }

    fn test_connection(&self) -> Result<bool> {
        Ok(true)
    }
}

tusk_plugin::export!(MyPlugin: NotificationPlugin);
