import { contractConformance } from "./contract.ts";

contractConformance("Rust for WASI preview 1, made a component when it is loaded", "conformance-rust-wasip1");
