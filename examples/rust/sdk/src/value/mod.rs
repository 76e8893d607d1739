mod convert;
mod json;
mod serialize;

use crate::{Result, msgpack};
use indexmap::IndexMap;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt::{self, Display},
    ops::Index,
};

/// A number as JSON has it, with all the digits of 64-bit integers.
pub use serde_json::Number;

/// The members of an object, in their order.
pub type Map = IndexMap<String, Value>;

/// A JSON value, or bytes.
///
/// It is what [`serde_json::Value`] is, and converts from and to it, but has one case more: what
/// crosses between host and plugin is MessagePack, which knows bytes, and a database has them.
/// Write one with [`json!`](crate::json), read it with the `as_…` methods and by index:
///
/// ```
/// use tusk_plugin::json;
///
/// let user = json!({ "name": "ada", "roles": ["admin"], "born": 1815 });
/// assert_eq!(user["name"].as_str(), Some("ada"));
/// assert_eq!(user["roles"][0].as_str(), Some("admin"));
/// assert!(user["no such member"].is_null());
/// ```
///
/// A type of your own is better still wherever you know the form: see [`to_value`] and
/// [`from_value`], and the services of [`PluginContext`](crate::PluginContext), which all take and
/// give any type that serde knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// Bytes. In JSON text, an array of numbers.
    Bytes(Vec<u8>),
    /// `[…]`.
    Array(Vec<Value>),
    /// `{…}`.
    Object(Map),
}

static NULL: Value = Value::Null;

impl Value {
    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The `bool`, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if this is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The integer, if this is one that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The number, as exact as a float can be.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if these are some.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The items, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Map> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member of this name, if this is an object that has one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }
}

/// The member of this name; `null` if there is none.
impl Index<&str> for Value {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&NULL)
    }
}

/// The item at this place; `null` if there is none.
impl Index<usize> for Value {
    type Output = Value;

    fn index(&self, index: usize) -> &Value {
        self.as_array()
            .and_then(|items| items.get(index))
            .unwrap_or(&NULL)
    }
}

/// As JSON text.
impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Makes a [`Value`] of any type that serde knows.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Point { x: i32, y: i32 }
///
/// let value = tusk_plugin::to_value(&Point { x: 1, y: 2 })?;
/// assert_eq!(value["y"].as_i64(), Some(2));
/// # Ok::<(), tusk_plugin::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Internal`](crate::Error::Internal) when the type's own `Serialize` fails, and
/// [`Error::InvalidInput`](crate::Error::InvalidInput) when the outcome is not JSON: a map whose
/// keys are not strings.
pub fn to_value(value: &(impl Serialize + ?Sized)) -> Result<Value> {
    msgpack::decode(&msgpack::encode(value)?)
}

/// Makes a type that serde knows of a [`Value`].
///
/// # Errors
///
/// [`Error::InvalidInput`](crate::Error::InvalidInput) when the value does not have the type's form.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T> {
    msgpack::decode(&msgpack::encode(value)?)
}
