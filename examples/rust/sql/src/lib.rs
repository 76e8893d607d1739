//! A database plugin: answers queries with a SQL database of the host's.
//!
//! Its one setting, `database`, is the name by which the host knows the database, or a URL that the
//! plugin's permission covers. It needs the permission `database`.

use serde::Deserialize;
use tusk_plugin::{Connection, DatabasePlugin, Plugin, PluginContext, Result, Value, log};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    database: String,
}

#[derive(Default)]
struct Sql {
    connection: Option<Connection>,
}

impl Sql {
    fn connection(&self) -> Result<&Connection> {
        Ok(self.connection.as_ref().ok_or("no database is open")?)
    }
}

impl Plugin for Sql {
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
        let settings: Settings = context.settings()?;
        self.connection = Some(context.database.open(&settings.database)?);
        log::info!("database {:?} is open", settings.database);
        Ok(())
    }

    fn shutdown(&mut self) -> Result<()> {
        self.connection = None;
        Ok(())
    }
}

impl DatabasePlugin for Sql {
    fn execute_query(&self, query: &str, params: &[Value]) -> Result<Value> {
        self.connection()?.query(query, params)
    }

    fn create_table(&self, table_name: &str, schema: &str) -> Result<()> {
        self.connection()?.execute(schema, ())?;
        log::info!("table {table_name:?} is there");
        Ok(())
    }

    fn backup_database(&self, backup_path: &str) -> Result<()> {
        self.connection()?.backup(backup_path)
    }
}

tusk_plugin::export!(Sql: DatabasePlugin);
