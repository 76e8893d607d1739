import { streamConformance } from "./streams.ts";

// By the direct link, by the bindings, and as core modules; here, and in a worker.
streamConformance("conformance-as");
streamConformance("conformance-as", "worker");
streamConformance("conformance-as-plain");
streamConformance("conformance-rust");
streamConformance("conformance-rust", "worker");
streamConformance("conformance-rust-core");
streamConformance("conformance-rust-wasip1");
streamConformance("conformance-rust-wasip2");
