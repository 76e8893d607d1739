//! A database plugin: answers queries with a SQL database of the host's, PostgreSQL or SQLite.
//!
//! Its settings are those of [`Settings`]: `{ "database": "main" }` opens what the host's settings
//! call `main`; `{ "host": "localhost", "port": 5432, "database": "mydb", "user": "postgres" }` the
//! database of that server. It needs the permission `database` for the name or the URL.

mod settings;

use settings::Settings;
use tusk_plugin::{Connection, DatabasePlugin, Plugin, PluginContext, Result, Value, log};

#[derive(Default)]
struct PostgresPlugin {
    connection: Option<Connection>,
}

impl PostgresPlugin {
    fn connection(&self) -> Result<&Connection> {
        Ok(self.connection.as_ref().ok_or("no database is open")?)
    }
}

impl Plugin for PostgresPlugin {
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
        self.connection = Some(settings.open(context.database)?);
        log::info!("database {:?} is open", settings.database);
        Ok(())
    }

    fn shutdown(&mut self) -> Result<()> {
        self.connection = None;
        Ok(())
    }
}

impl DatabasePlugin for PostgresPlugin {
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

tusk_plugin::export!(PostgresPlugin: DatabasePlugin);
