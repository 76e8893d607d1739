use crate::settings::{Argon2Costs, Hashing};
use argon2::{Argon2, Block};
use pbkdf2::Pbkdf2;
use pbkdf2::password_hash::{
    self, Ident, Output, ParamsString, PasswordHash, PasswordHasher, Salt, SaltString,
};
use tusk_plugin::{Error, Random, Result, log};

const PBKDF2: pbkdf2::Algorithm = pbkdf2::Algorithm::Pbkdf2Sha512;

/// What OWASP recommends as the least for PBKDF2 with HMAC-SHA-512.
const PBKDF2_ROUNDS: u32 = 210_000;

/// A longer one is none: hashing it would cost whatever a stranger wants.
const MAX_PASSWORD_BYTES: usize = 1024;

/// Makes and checks hashes of passwords, in the PHC string format.
pub struct Passwords {
    params: Params,
    random: Random,
    /// The hash of no password, as costly to check as any other.
    nobody: String,
}

enum Params {
    Argon2id(argon2::Params),
    Pbkdf2(pbkdf2::Params),
}

impl Passwords {
    /// # Errors
    ///
    /// When Argon2 does not take these costs.
    pub fn new(hashing: Option<Hashing>, costs: Argon2Costs, random: Random) -> Result<Self> {
        let argon2 = argon2::Params::new(costs.memory_kib, costs.iterations, 1, None)
            .map_err(Error::invalid_input)?;
        let fits = reserve(&argon2).is_ok();
        let params = match hashing {
            Some(Hashing::Argon2id) => Params::Argon2id(argon2),
            None if fits => Params::Argon2id(argon2),
            None => {
                log::warn!(
                    "the memory limit leaves no {} KiB for Argon2id: passwords are hashed by PBKDF2",
                    costs.memory_kib
                );
                pbkdf2_params()
            }
            Some(Hashing::Pbkdf2) => pbkdf2_params(),
        };
        let mut passwords = Self {
            params,
            random,
            nobody: String::new(),
        };
        passwords.nobody = passwords.hash_like_output(&random.bytes(32))?;
        Ok(passwords)
    }

    /// The hash of a password, with a salt of its own.
    pub fn hash(&self, password: &str) -> Result<String> {
        if password.is_empty() || password.len() > MAX_PASSWORD_BYTES {
            return Err(Error::invalid_input(format_args!(
                "a password has 1 to {MAX_PASSWORD_BYTES} bytes"
            )));
        }
        let salt = self.salt()?;
        let output = match &self.params {
            Params::Argon2id(params) => argon2id(params, password, salt.as_salt())?,
            Params::Pbkdf2(params) => pbkdf2(password, PBKDF2.ident(), *params, salt.as_salt())?,
        };
        self.phc(&salt, output)
    }

    /// Whether a password is that of a hash. Without a hash it is not, which takes as long to find out.
    pub fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        if password.len() > MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        let known = PasswordHash::new(hash.unwrap_or(&self.nobody)).map_err(Error::internal)?;
        let (Some(salt), Some(expected)) = (known.salt, known.hash) else {
            return Err(Error::internal("this hash of a password is incomplete"));
        };
        let output = if known.algorithm == argon2::ARGON2ID_IDENT {
            let params = argon2::Params::try_from(&known).map_err(Error::internal)?;
            argon2id(&params, password, salt)?
        } else {
            let params = pbkdf2::Params::try_from(&known).map_err(Error::internal)?;
            pbkdf2(password, known.algorithm, params, salt)?
        };
        // Outputs are compared in constant time.
        Ok(output == expected && hash.is_some())
    }

    fn salt(&self) -> Result<SaltString> {
        SaltString::encode_b64(&self.random.bytes(16)).map_err(Error::internal)
    }

    /// A hash of the costs of now whose output is made up.
    fn hash_like_output(&self, output: &[u8]) -> Result<String> {
        let salt = self.salt()?;
        self.phc(&salt, Output::new(output).map_err(Error::internal)?)
    }

    fn phc(&self, salt: &SaltString, output: Output) -> Result<String> {
        let (algorithm, version, params): (Ident<'_>, _, password_hash::Result<ParamsString>) =
            match &self.params {
                Params::Argon2id(params) => (
                    argon2::ARGON2ID_IDENT,
                    Some(argon2::Version::V0x13.into()),
                    params.try_into(),
                ),
                Params::Pbkdf2(params) => (PBKDF2.ident(), None, (*params).try_into()),
            };
        let hash = PasswordHash {
            algorithm,
            version,
            params: params.map_err(Error::internal)?,
            salt: Some(salt.as_salt()),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }
}

fn pbkdf2_params() -> Params {
    Params::Pbkdf2(pbkdf2::Params {
        rounds: PBKDF2_ROUNDS,
        output_length: 32,
    })
}

fn pbkdf2(
    password: &str,
    algorithm: Ident<'_>,
    params: pbkdf2::Params,
    salt: Salt<'_>,
) -> Result<Output> {
    let hash = Pbkdf2
        .hash_password_customized(password.as_bytes(), Some(algorithm), None, params, salt)
        .map_err(Error::internal)?;
    Ok(hash.hash.ok_or("PBKDF2 gave no hash")?)
}

fn argon2id(params: &argon2::Params, password: &str, salt: Salt<'_>) -> Result<Output> {
    let mut bytes = [0; Salt::RECOMMENDED_LENGTH * 4];
    let salt = salt.decode_b64(&mut bytes).map_err(Error::internal)?;
    let mut memory = reserve(params)?;
    let argon2 = Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        params.clone(),
    );
    let length = params
        .output_len()
        .unwrap_or(argon2::Params::DEFAULT_OUTPUT_LEN);
    Output::init_with(length, |output| {
        argon2
            .hash_password_into_with_memory(password.as_bytes(), salt, output, &mut memory)
            .map_err(Into::into)
    })
    .map_err(Error::internal)
}

/// The memory for one hash. What does not fit into the plugin's limit is an error here, not its end.
fn reserve(params: &argon2::Params) -> Result<Vec<Block>> {
    let mut memory = Vec::new();
    memory
        .try_reserve_exact(params.block_count())
        .map_err(|_| {
            Error::limit_exceeded("the plugin's memory limit leaves no room for Argon2id")
        })?;
    memory.resize(params.block_count(), Block::default());
    Ok(memory)
}
