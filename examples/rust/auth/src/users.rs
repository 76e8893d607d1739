use serde::Deserialize;
use tusk_plugin::{Connection, Error, Random, Result, User, json};

/// The users and the tokens that were ended, in the database.
pub struct Users {
    connection: Connection,
    random: Random,
}

/// A user, with the hash of the password.
pub struct Account {
    pub user: User,
    pub password_hash: String,
}

#[derive(Deserialize)]
struct Row {
    id: u32,
    name: String,
    password_hash: String,
    /// A JSON array.
    roles: String,
}

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS auth_users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, \
     password_hash TEXT NOT NULL, roles TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS auth_ended_tokens (id TEXT PRIMARY KEY, expires_at_ms BIGINT NOT NULL)",
];

const COLUMNS: &str = "SELECT id, name, password_hash, roles FROM auth_users";

impl Users {
    /// Makes the tables where they are missing.
    pub fn new(connection: Connection, random: Random) -> Result<Self> {
        for table in TABLES {
            match connection.execute(table, ()) {
                // Another instance was faster.
                Ok(_) | Err(Error::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { connection, random })
    }

    /// Adds a user; false if there is one of this name.
    pub fn add(&self, name: &str, password_hash: &str, roles: &[String]) -> Result<bool> {
        if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
            return Err(Error::invalid_input(
                "a name has 1 to 200 bytes, and no control characters",
            ));
        }
        // Random, so that nobody is ever taken for somebody who is gone.
        let id = u32::try_from(self.random.u64() >> 33).unwrap_or(1).max(1);
        let roles = serde_json::to_string(roles)?;
        let added = self.connection.execute(
            "INSERT INTO auth_users (id, name, password_hash, roles) VALUES (?, ?, ?, ?) \
             ON CONFLICT (name) DO NOTHING",
            (id, name, password_hash, roles),
        )?;
        Ok(added > 0)
    }

    pub fn by_name(&self, name: &str) -> Result<Option<Account>> {
        let rows = self
            .connection
            .query(&format!("{COLUMNS} WHERE name = ?"), (name,))?;
        first(rows)
    }

    pub fn by_id(&self, id: u32) -> Result<Option<Account>> {
        let rows = self
            .connection
            .query(&format!("{COLUMNS} WHERE id = ?"), (id,))?;
        first(rows)
    }

    /// Ends a token before its time; what has expired meanwhile need not be remembered.
    pub fn end_token(&self, id: &str, expires_at_ms: u64, now_ms: u64) -> Result<()> {
        self.connection.execute(
            "DELETE FROM auth_ended_tokens WHERE expires_at_ms <= ?",
            (now_ms,),
        )?;
        self.connection.execute(
            "INSERT INTO auth_ended_tokens (id, expires_at_ms) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
            (id, expires_at_ms),
        )?;
        Ok(())
    }

    pub fn is_ended(&self, token_id: &str) -> Result<bool> {
        let sql = "SELECT id FROM auth_ended_tokens WHERE id = ?";
        let rows: Vec<tusk_plugin::Value> = self.connection.query(sql, (token_id,))?;
        Ok(!rows.is_empty())
    }
}

fn first(rows: Vec<Row>) -> Result<Option<Account>> {
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let user = User {
        id: row.id,
        name: row.name,
        roles: serde_json::from_str(&row.roles).map_err(Error::internal)?,
        claims: json!({}),
    };
    Ok(Some(Account {
        user,
        password_hash: row.password_hash,
    }))
}
