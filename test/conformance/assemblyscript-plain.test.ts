import { contractConformance } from "./contract.ts";

contractConformance("AssemblyScript as its compiler leaves it", "conformance-as-plain");
