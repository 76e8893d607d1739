use crate::{Plugin, Result, Value};

/// A capability: answers queries.
pub trait DatabasePlugin: Plugin {
    /// Runs one statement, with a value for each of its placeholders. Returns an array of rows, each
    /// an object by column name; it is empty for a statement that returns no rows.
    ///
    /// # Errors
    ///
    /// As the statement or its parameters deserve.
    fn execute_query(&self, query: &str, params: &[Value]) -> Result<Value>;

    /// Creates the table `table_name` by running the statement `schema`.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`](crate::Error::Conflict) when there is such a table.
    fn create_table(&self, table_name: &str, schema: &str) -> Result<()>;

    /// Writes a copy of the database to a file, inside a folder that the host granted.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`](crate::Error::Denied) when the path lies elsewhere.
    fn backup_database(&self, backup_path: &str) -> Result<()>;
}
