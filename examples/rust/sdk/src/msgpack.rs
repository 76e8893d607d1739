//! How values cross: MessagePack, structs as maps by name, and types that have a form for people
//! (a UUID, an IP address) in that form.

use crate::{Error, Result};
use rmp_serde::{Deserializer, Serializer, decode};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};

/// How deep a value may nest.
const MAX_DEPTH: usize = 128;

const NIL: u8 = 0xc0;
const EMPTY_ARRAY: u8 = 0x90;

/// Encodes any value that serde knows.
pub fn encode(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(128);
    let mut serializer = Serializer::new(&mut bytes)
        .with_struct_map()
        .with_human_readable();
    value.serialize(&mut serializer)?;
    Ok(bytes)
}

/// Encodes a list of arguments: a tuple, an array, a slice, or `()` for none.
pub fn encode_list(values: &(impl Serialize + ?Sized)) -> Result<Vec<u8>> {
    let mut bytes = encode(values)?;
    match bytes.first() {
        Some(&NIL) => {
            bytes[0] = EMPTY_ARRAY;
            Ok(bytes)
        }
        Some(0x90..=0x9f | 0xdc | 0xdd) => Ok(bytes),
        _ => Err(Error::invalid_input(
            "arguments are a list: a tuple, an array, a slice, or () for none",
        )),
    }
}

/// Decodes exactly one value, with nothing after it.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut deserializer = Deserializer::from_read_ref(bytes).with_human_readable();
    deserializer.set_max_depth(MAX_DEPTH + 1);
    let value = T::deserialize(&mut deserializer)?;
    match IgnoredAny::deserialize(&mut deserializer) {
        Err(decode::Error::InvalidMarkerRead(_)) => Ok(value),
        _ => Err(Error::invalid_input(
            "there is something after the value's end",
        )),
    }
}

/// Decodes what somebody gave as `what`, naming it if it does not fit.
pub fn decode_input<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T> {
    decode(bytes).map_err(|error| Error::invalid_input(format_args!("{what}: {error}")))
}

/// Decodes what the host answered. That it does not fit the type that the plugin wants is no fault
/// of the plugin's caller.
pub fn decode_answer<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T> {
    decode(bytes).map_err(|error| Error::internal(format_args!("{what}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashMap, net::Ipv4Addr};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Everything {
        text: String,
        small: i64,
        large: u64,
        fraction: f64,
        nothing: Option<bool>,
        list: Vec<String>,
        address: Ipv4Addr,
    }

    #[test]
    fn a_struct_crosses_as_a_map_by_name() {
        let everything = Everything {
            text: "🦣".into(),
            small: i64::MIN,
            large: u64::MAX,
            fraction: 0.1,
            nothing: None,
            list: vec![],
            address: Ipv4Addr::LOCALHOST,
        };
        let bytes = encode(&everything).unwrap();
        assert_eq!(decode::<Everything>(&bytes).unwrap(), everything);

        let map: HashMap<String, crate::Value> = decode(&bytes).unwrap();
        assert_eq!(map["address"].as_str(), Some("127.0.0.1"));
        assert_eq!(map["large"].as_u64(), Some(u64::MAX));
    }

    #[test]
    fn one_value_and_nothing_after_it() {
        assert_eq!(decode::<u8>(&[7]), Ok(7));
        assert!(decode::<u8>(&[7, 7]).is_err());
        assert!(decode::<u8>(&[7, 0xc1]).is_err());
        assert!(decode::<u8>(&[7, 0xd9]).is_err());
        assert!(decode::<u8>(&[]).is_err());
        assert!(decode::<String>(&[0xa5, b'x']).is_err());
    }

    #[test]
    fn a_list_of_arguments_is_a_list() {
        assert_eq!(encode_list(&()).unwrap(), [0x90]);
        assert_eq!(encode_list(&(1, true)).unwrap(), [0x92, 1, 0xc3]);
        assert_eq!(encode_list(&[0_u8; 0]).unwrap(), [0x90]);
        assert_eq!(encode_list(&vec![1; 20]).unwrap()[..3], [0xdc, 0, 20]);
        assert!(encode_list("text").is_err());
    }

    #[test]
    fn nesting_deeper_than_128_is_refused() {
        let nested = |depth| [vec![0x91; depth], vec![0xc0]].concat();
        assert!(decode::<crate::Value>(&nested(128)).is_ok());
        assert!(decode::<crate::Value>(&nested(129)).is_err());
    }
}
