//! Answers queries.

use tusk_plugin::{Connection, DatabasePlugin, Plugin, PluginContext, Result, Value};

#[derive(Default)]
struct MyPlugin {
    connection: Option<Connection>,
}

impl MyPlugin {
    fn connection(&self) -> Result<&Connection> {
        Ok(self.connection.as_ref().ok_or("no database is open")?)
    }
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
        let database: Option<String> = context.config.get("database")?;
        let name = database.as_deref().unwrap_or("main");
        self.connection = Some(context.database.open(name)?);
        Ok(())
    }

    fn shutdown(&mut self) -> Result<()> {
        self.connection = None;
        Ok(())
    }
}

impl DatabasePlugin for MyPlugin {
    fn execute_query(&self, query: &str, params: &[Value]) -> Result<Value> {
        self.connection()?.query(query, params)
    }

    fn create_table(&self, _table_name: &str, schema: &str) -> Result<()> {
        self.connection()?.execute(schema, ())?;
        Ok(())
    }

    fn backup_database(&self, backup_path: &str) -> Result<()> {
        self.connection()?.backup(backup_path)
    }
}

tusk_plugin::export!(MyPlugin: DatabasePlugin);
