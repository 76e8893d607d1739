use crate::{Result, bindings::services::tusk::plugin::database, msgpack};
use serde::{Serialize, de::DeserializeOwned};

/// A service: SQL databases. The permission `database`.
///
/// ```no_run
/// # use tusk_plugin::{PluginContext, Result};
/// #[derive(serde::Deserialize)]
/// struct User {
///     id: u32,
///     name: String,
/// }
///
/// fn rename(context: &PluginContext, id: u32, name: &str) -> Result<Vec<User>> {
///     let connection = context.database.open("main")?;
///     let transaction = connection.begin()?;
///     transaction.execute("UPDATE users SET name = ? WHERE id = ?", (name, id))?;
///     transaction.commit()?;
///     connection.query("SELECT id, name FROM users", ())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Database;

impl Database {
    /// Opens a database by the name that the host's settings give it, or by a URL that the
    /// permission covers (`sqlite::memory:`, `postgres://user@host/name`).
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn open(&self, name: &str) -> Result<Connection> {
        database::open(name).map(Connection)
    }
}

/// An open database. Dropping it closes it.
///
/// `params` is a list with a value for each placeholder: a tuple, an array, a slice, or `()` for
/// none. They are always bound, never pasted into the text.
#[derive(Debug)]
pub struct Connection(database::Connection);

impl Connection {
    /// Runs a statement and returns its rows: a list of a type with a field for each column, or a
    /// [`Value`](crate::Value).
    ///
    /// # Errors
    ///
    /// What the host answers, and [`Error::Internal`](crate::Error::Internal) when the rows are not
    /// of this type.
    pub fn query<T: DeserializeOwned>(&self, sql: &str, params: impl Serialize) -> Result<T> {
        let rows = self.0.query(sql, &msgpack::encode_list(&params)?)?;
        msgpack::decode_answer("the rows", &rows)
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn execute(&self, sql: &str, params: impl Serialize) -> Result<u64> {
        self.0.execute(sql, &msgpack::encode_list(&params)?)
    }

    /// Starts a transaction. Until it ends, statements of this connection are
    /// [`Error::Conflict`](crate::Error::Conflict).
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn begin(&self) -> Result<Transaction> {
        self.0.begin().map(Transaction)
    }

    /// Writes a copy of the database to a file, inside a folder that the permission covers.
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn backup(&self, path: &str) -> Result<()> {
        self.0.backup(path)
    }
}

/// Statements that take effect together or not at all. Dropping it rolls it back.
#[derive(Debug)]
pub struct Transaction(database::Transaction);

impl Transaction {
    /// As [`Connection::query`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn query<T: DeserializeOwned>(&self, sql: &str, params: impl Serialize) -> Result<T> {
        let rows = self.0.query(sql, &msgpack::encode_list(&params)?)?;
        msgpack::decode_answer("the rows", &rows)
    }

    /// As [`Connection::execute`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn execute(&self, sql: &str, params: impl Serialize) -> Result<u64> {
        self.0.execute(sql, &msgpack::encode_list(&params)?)
    }

    /// Makes the changes last.
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn commit(self) -> Result<()> {
        self.0.commit()
    }

    /// Undoes the changes.
    ///
    /// # Errors
    ///
    /// What the host answers.
    pub fn rollback(self) -> Result<()> {
        self.0.rollback()
    }
}
