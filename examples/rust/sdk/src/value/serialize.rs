use super::{Map, Number, Value};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

/// As many items as are taken on trust; more are made room for as they come.
const MAX_CAPACITY: usize = 1024;

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(members) => serializer.collect_map(members),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value)
            .ok_or_else(|| E::custom(format_args!("{value} is no JSON number")))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_owned()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let expected = access.size_hint().unwrap_or(0);
        let mut items = Vec::with_capacity(expected.min(MAX_CAPACITY));
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let expected = access.size_hint().unwrap_or(0);
        let mut members = Map::with_capacity(expected.min(MAX_CAPACITY));
        while let Some((key, value)) = access.next_entry()? {
            let (index, before) = members.insert_full(key, value);
            if before.is_some() {
                let key = members.get_index(index).map(|(key, _)| key);
                return Err(A::Error::custom(format_args!(
                    "the key {key:?} stands twice"
                )));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Value, from_value, json, msgpack, to_value};

    fn round_trip(value: &Value) -> Value {
        msgpack::decode(&msgpack::encode(value).unwrap()).unwrap()
    }

    #[test]
    fn every_case_survives_the_way_there_and_back() {
        let value = json!({
            "null": null,
            "bools": [true, false],
            "integers": [0, -1, i64::MIN, i64::MAX, u64::MAX],
            "floats": [0.1, -0.0, 1.0, f64::MAX],
            "texts": ["", "🦣", "\u{0}"],
            "bytes": vec![Value::Bytes(vec![0, 255]), Value::Bytes(vec![])],
            "empty": { "array": [], "object": {} },
        });
        assert_eq!(round_trip(&value), value);
    }

    #[test]
    fn members_keep_their_order() {
        let value = round_trip(&json!({ "z": 1, "a": 2, "m": 3 }));
        let keys: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["z", "a", "m"]);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let decode = msgpack::decode::<Value>;
        let twice = decode(&[0x82, 0xa1, b'k', 1, 0xa1, b'k', 2]).unwrap_err();
        assert!(twice.text().contains("stands twice"), "{twice}");
        assert!(decode(&[0x81, 1, 1]).is_err(), "a key that is no string");
        assert!(decode(&[0xd4, 1, 0]).is_err(), "an extension");
        assert!(decode(&[0xca, 0x7f, 0xc0, 0, 0]).is_err(), "not a number");
        assert!(
            decode(&[0xdd, 255, 255, 255, 255]).is_err(),
            "an array without its items"
        );
        assert!(
            decode(&[0xc6, 255, 255, 255, 255]).is_err(),
            "bytes that are not there"
        );
    }

    #[test]
    fn types_of_ones_own_become_values_and_back() {
        let pair = ("🦣".to_owned(), Some(7_u64));
        let value = to_value(&pair).unwrap();
        assert_eq!(value, json!(["🦣", 7]));
        assert_eq!(from_value::<(String, Option<u64>)>(&value).unwrap(), pair);
        assert!(from_value::<bool>(&value).is_err());
    }
}
