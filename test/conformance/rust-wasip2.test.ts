import { contractConformance } from "./contract.ts";

contractConformance("Rust (wasm32-wasip2)", "conformance-rust-wasip2");
