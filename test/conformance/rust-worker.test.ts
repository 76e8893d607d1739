import { contractConformance } from "./contract.ts";

contractConformance("Rust", "conformance-rust", "worker");
