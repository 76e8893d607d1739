/// Makes a [`Value`](crate::Value) of what looks like JSON. Wherever a value may stand, so may an
/// expression of a type that converts into one.
///
/// ```
/// use tusk_plugin::json;
///
/// let name = "ada";
/// let user = json!({
///     "name": name,
///     "roles": ["admin", "author"],
///     "age": 2026 - 1815,
///     "deleted": null,
/// });
/// assert_eq!(user.to_string(), r#"{"name":"ada","roles":["admin","author"],"age":211,"deleted":null}"#);
/// ```
#[macro_export]
macro_rules! json {
    (@items [ $($done:expr,)* ]) => {
        ::std::vec![$($done),*]
    };
    (@items [ $($done:expr,)* ] null $(, $($rest:tt)*)?) => {
        $crate::json!(@items [ $($done,)* $crate::Value::Null, ] $($($rest)*)?)
    };
    (@items [ $($done:expr,)* ] [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::json!(@items [ $($done,)* $crate::json!([ $($inner)* ]), ] $($($rest)*)?)
    };
    (@items [ $($done:expr,)* ] { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::json!(@items [ $($done,)* $crate::json!({ $($inner)* }), ] $($($rest)*)?)
    };
    (@items [ $($done:expr,)* ] $item:expr $(, $($rest:tt)*)?) => {
        $crate::json!(@items [ $($done,)* $crate::Value::from($item), ] $($($rest)*)?)
    };

    (@members $object:ident) => {};
    (@members $object:ident $key:tt : null $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::Value::Null);
        $crate::json!(@members $object $($($rest)*)?);
    };
    (@members $object:ident $key:tt : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::json!([ $($inner)* ]));
        $crate::json!(@members $object $($($rest)*)?);
    };
    (@members $object:ident $key:tt : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::json!({ $($inner)* }));
        $crate::json!(@members $object $($($rest)*)?);
    };
    (@members $object:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $object.insert($key.into(), $crate::Value::from($value));
        $crate::json!(@members $object $($($rest)*)?);
    };

    (null) => {
        $crate::Value::Null
    };
    ([ $($items:tt)* ]) => {
        $crate::Value::Array($crate::json!(@items [] $($items)*))
    };
    ({ $($members:tt)* }) => {{
        #[allow(unused_mut)]
        let mut object = $crate::Map::new();
        $crate::json!(@members object $($members)*);
        $crate::Value::Object(object)
    }};
    ($value:expr) => {
        $crate::Value::from($value)
    };
}

#[cfg(test)]
mod tests {
    use crate::Value;

    #[test]
    fn json_nests_and_takes_expressions() {
        let key = "key";
        let items = [1, 2];
        let value = json!({
            key: [[], {}, null, { "deep": [null, items.len()] }, -1],
            (format!("{key}!")): items.iter().sum::<i32>(),
            "optional": None::<&str>,
            "nested": json!(true),
        });
        assert_eq!(
            value.to_string(),
            r#"{"key":[[],{},null,{"deep":[null,2]},-1],"key!":3,"optional":null,"nested":true}"#
        );
        assert_eq!(json!("text"), Value::String("text".into()));
        assert_eq!(json!(null), Value::Null);
    }
}
