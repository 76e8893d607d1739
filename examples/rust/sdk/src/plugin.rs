use crate::{PluginContext, Result};
use serde::{Serialize, de::DeserializeOwned};

/// What every plugin is.
///
/// A plugin is made by `Default` when its host first asks for its name, and lives until it is swapped,
/// removed or has failed. Calls come one at a time. The methods of the capabilities take `&self`:
/// what they change stands in a [`Cell`](std::cell::Cell) or a [`RefCell`](std::cell::RefCell).
pub trait Plugin: 'static {
    /// The name by which settings and other plugins refer to it: kebab-case.
    fn name(&self) -> &str;

    /// A semantic version. Usually `env!("CARGO_PKG_VERSION")`.
    fn version(&self) -> &str;

    /// One line for a person. Usually `env!("CARGO_PKG_DESCRIPTION")`.
    fn description(&self) -> &str;

    /// Makes the plugin ready. Called once, before any capability.
    ///
    /// # Errors
    ///
    /// After an error the plugin does not serve, and is discarded.
    fn initialize(&mut self, context: &PluginContext) -> Result<()>;

    /// Called once, after the last call has been answered. By default, does nothing.
    ///
    /// # Errors
    ///
    /// An error is reported; the plugin is gone all the same.
    fn shutdown(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Optional: hands state over from one generation of a plugin to the next when it is swapped.
pub trait State: Plugin {
    /// What is handed over: any type that serde knows. Leave room for what an older version saved.
    type Saved: Serialize + DeserializeOwned;

    /// What the next generation should know. Does not change this one.
    ///
    /// # Errors
    ///
    /// A plugin whose state cannot be saved is not swapped.
    fn save(&self) -> Result<Self::Saved>;

    /// Takes over what a generation of the version `saved_by` saved; called after `initialize` and
    /// before the first call. A value that is no `Saved` does not get this far.
    ///
    /// # Errors
    ///
    /// A failed `restore` is a failed swap: the old generation goes on.
    fn restore(&mut self, saved: Self::Saved, saved_by: &str) -> Result<()>;
}

/// Optional: says whether the plugin is able to serve.
pub trait Health: Plugin {
    /// Called often, so it should be cheap.
    ///
    /// # Errors
    ///
    /// An error means no: a new generation is then not taken, and one that serves is reported as
    /// unhealthy.
    fn check(&self) -> Result<()>;
}
