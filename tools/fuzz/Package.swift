// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because its flags must not reach the real one. See tools/fuzz/run.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  // A library, because libFuzzer brings the program's main; tools/fuzz/run links the two.
  products: [.library(name: "fuzz", type: .static, targets: ["fuzz"])],
  dependencies: [.package(name: "continuity", path: "../..")],
  targets: [
    .target(
      name: "fuzz", dependencies: [.product(name: "Continuity", package: "continuity")])
  ]
)
