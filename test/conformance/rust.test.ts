import { contractConformance } from "./contract.ts";

contractConformance("Rust (wasm32-unknown-unknown)", "conformance-rust");
