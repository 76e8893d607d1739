import { contractConformance } from "./contract.ts";

contractConformance("Rust, made a component when it is loaded", "conformance-rust-core");
