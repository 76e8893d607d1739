import { takeJson, takeString, takeStrings, takeUser } from "../abi/lift";
import { cabi_post } from "../abi/loan";
import { failed, lowerString, lowerStrings, lowerUser, succeeded } from "../abi/lower";
import { AREA } from "../abi/memory";
import { AuthCredentials } from "../auth-credentials";
import { registered } from "../register";
import { NEVER, Session } from "../session";

export * from "./plugin";

@global
class ExportsAuthPlugin {}

// A variant is flat: its case, and then as many values as its longest case has. A token needs the first two.
export function auth_plugin$authenticate(
  isToken: i32,
  first: usize,
  firstLength: usize,
  password: usize,
  passwordLength: usize,
): usize {
  const text = takeString(first, firstLength);
  const credentials = isToken
    ? AuthCredentials.fromToken(text)
    : AuthCredentials.fromPassword(text, takeString(password, passwordLength));
  const answer = registered.authPlugin!.authenticate(credentials);
  // A time in 64 bits aligns all of the result to 8.
  if (answer.isErr) return failed(answer.error!, 8);
  const session = answer.value.session;
  store<bool>(AREA, session === null, 8);
  if (session) lowerSession(AREA + 16, session);
  else lowerString(AREA + 16, answer.value.reason);
  return succeeded();
}

/** `session`: user 0, token 28 (an option: whether 28, which 32), expires-at-ms 40 (likewise, 48); 56 bytes. */
function lowerSession(at: usize, session: Session): void {
  lowerUser(at, session.user);
  const token = session.token;
  store<bool>(at, token !== null, 28);
  if (token !== null) lowerString(at + 32, token);
  store<bool>(at, session.expiresAtMs != NEVER, 40);
  store<u64>(at, session.expiresAtMs, 48);
}

export function auth_plugin$authorize(
  id: u32,
  name: usize,
  nameLength: usize,
  roles: usize,
  rolesLength: usize,
  claims: usize,
  claimsLength: usize,
  resource: usize,
  resourceLength: usize,
  action: usize,
  actionLength: usize,
): usize {
  const user = takeUser(
    id,
    takeString(name, nameLength),
    takeStrings(roles, rolesLength),
    takeJson(claims, claimsLength),
  );
  const what = takeString(resource, resourceLength);
  const how = takeString(action, actionLength);
  if (user.isErr) return failed(user.error!);
  const answer = registered.authPlugin!.authorize(user.value, what, how);
  if (answer.isErr) return failed(answer.error!);
  store<bool>(AREA, answer.value, 4);
  return succeeded();
}

export function auth_plugin$get_user_permissions(userId: u32): usize {
  const permissions = registered.authPlugin!.getUserPermissions(userId);
  if (permissions.isErr) return failed(permissions.error!);
  lowerStrings(AREA + 4, permissions.value);
  return succeeded();
}

export {
  cabi_post as cabi_post$auth_plugin$authenticate,
  cabi_post as cabi_post$auth_plugin$authorize,
  cabi_post as cabi_post$auth_plugin$get_user_permissions,
};
