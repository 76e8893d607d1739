// Tests in AssemblyScript: every exported function is one, and its name is the fact that it holds. One whose name
// begins with "traps" should trap.

export * from "./json-text";
export * from "./json-value";
export * from "./msgpack";
export * from "./records";
export * from "./typed";
export * from "./utf8";

export { cabi_realloc } from "tusk-plugin-as/abi/memory";
