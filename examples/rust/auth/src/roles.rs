use std::collections::{BTreeSet, HashMap};
use tusk_plugin::{Error, Result};

/// What each role may do.
#[derive(Default)]
pub struct Roles(HashMap<String, Vec<Permission>>);

/// "resource:action". The resource covers those below it: "invoices" is also "invoices/7".
struct Permission {
    text: String,
    resource: String,
    action: String,
}

impl Roles {
    /// # Errors
    ///
    /// When a permission is not of the form "resource:action".
    pub fn new(written: HashMap<String, Vec<String>>) -> Result<Self> {
        let roles = written.into_iter().map(|(role, permissions)| {
            let permissions = permissions
                .into_iter()
                .map(Permission::new)
                .collect::<Result<_>>()?;
            Ok((role, permissions))
        });
        Ok(Self(roles.collect::<Result<_>>()?))
    }

    /// Whether one of these roles may do `action` to `resource`. A role that nobody described may nothing.
    pub fn allow(&self, roles: &[String], resource: &str, action: &str) -> bool {
        self.of(roles)
            .any(|permission| permission.covers(resource, action))
    }

    /// All that these roles may do, each once, sorted.
    pub fn permissions(&self, roles: &[String]) -> Vec<String> {
        let all: BTreeSet<_> = self
            .of(roles)
            .map(|permission| permission.text.clone())
            .collect();
        all.into_iter().collect()
    }

    pub fn has(&self, role: &str) -> bool {
        self.0.contains_key(role)
    }

    fn of<'a>(&'a self, roles: &'a [String]) -> impl Iterator<Item = &'a Permission> {
        roles.iter().filter_map(|role| self.0.get(role)).flatten()
    }
}

impl Permission {
    fn new(text: String) -> Result<Self> {
        match text.rsplit_once(':') {
            Some((resource, action)) if !resource.is_empty() && !action.is_empty() => Ok(Self {
                resource: resource.to_owned(),
                action: action.to_owned(),
                text,
            }),
            _ => Err(Error::invalid_input(format_args!(
                "roles: {text:?} should be of the form \"resource:action\""
            ))),
        }
    }

    fn covers(&self, resource: &str, action: &str) -> bool {
        let below = resource.strip_prefix(self.resource.as_str());
        let is_resource = self.resource == "*"
            || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_resource && (self.action == "*" || self.action == action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> Roles {
        let own = |permissions: &[&str]| permissions.iter().map(|&text| text.to_owned()).collect();
        Roles::new(HashMap::from([
            ("admin".to_owned(), own(&["*:*"])),
            ("reader".to_owned(), own(&["invoices:read", "*:list"])),
            ("writer".to_owned(), own(&["invoices:*", "invoices:read"])),
        ]))
        .unwrap()
    }

    fn allows(role: &str, resource: &str, action: &str) -> bool {
        roles().allow(&[role.to_owned()], resource, action)
    }

    #[test]
    fn a_resource_covers_what_is_below_it_and_nothing_beside_it() {
        assert!(allows("reader", "invoices", "read"));
        assert!(allows("reader", "invoices/7", "read"));
        assert!(!allows("reader", "invoices-old", "read"));
        assert!(!allows("reader", "invoices/7", "write"));
    }

    #[test]
    fn a_star_is_any_resource_or_any_action() {
        assert!(allows("reader", "anything", "list"));
        assert!(allows("writer", "invoices/7", "shred"));
        assert!(allows("admin", "anything/at/all", "shred"));
    }

    #[test]
    fn a_role_that_nobody_described_may_nothing() {
        assert!(!allows("ghost", "invoices", "read"));
        assert!(!roles().allow(&[], "invoices", "read"));
    }

    #[test]
    fn permissions_of_several_roles_stand_once() {
        let both = ["writer".to_owned(), "reader".to_owned()];
        assert_eq!(
            roles().permissions(&both),
            ["*:list", "invoices:*", "invoices:read"]
        );
    }

    #[test]
    fn what_is_no_permission_is_refused() {
        for text in ["invoices", ":read", "invoices:"] {
            let written = HashMap::from([("x".to_owned(), vec![text.to_owned()])]);
            assert!(matches!(Roles::new(written), Err(Error::InvalidInput(_))));
        }
    }
}
