import { contractConformance } from "./contract.ts";

contractConformance("AssemblyScript", "conformance-as", "worker");
