/**
 * Takes the place of an enum's members where a type has no enum in it. Global, because the compiler looks for what a type
 * parameter defaults to where it is used.
 */
// @ts-ignore: AssemblyScript decorates classes with it
@global
export class __NoEnum {}
