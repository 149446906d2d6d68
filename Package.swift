// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// Every pointer from C is a visible word where C is called.
let unsafeSettings = settings + [.strictMemorySafety()]

let package = Package(
  name: "continuity",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "continuity", targets: ["continuity"]),
    .library(
      name: "Continuity", targets: ["Timeline", "VideoIO", "Annotations", "Quality", "Scan"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CFFmpeg",
      pkgConfig: "libavformat libavcodec libavutil libswscale",
      providers: [
        .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev"]),
        .brew(["ffmpeg"]),
      ]),
    .target(name: "CLuma", cSettings: [.define("NDEBUG")]),
    .target(name: "Timeline", swiftSettings: settings),
    .target(
      name: "VideoIO", dependencies: ["CFFmpeg", "Timeline"], swiftSettings: unsafeSettings),
    .target(
      name: "Annotations",
      dependencies: ["Timeline", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(
      name: "Tracking", dependencies: ["Annotations", "Timeline"], swiftSettings: settings),
    .target(
      name: "Quality",
      dependencies: ["Annotations", "CLuma", "Timeline", "Tracking", "VideoIO"],
      swiftSettings: unsafeSettings),
    .target(
      name: "ReviewStore",
      dependencies: [
        "Annotations", "Quality", "Timeline", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "Exports", dependencies: ["Annotations", "Quality", "Timeline"],
      swiftSettings: settings),
    .target(
      name: "Scan",
      dependencies: [
        "Annotations", "Quality", "ReviewStore", "Timeline", "VideoIO",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "continuity",
      dependencies: [
        "Annotations", "Exports", "Quality", "ReviewStore", "Scan", "Timeline", "VideoIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .testTarget(name: "TimelineTests", dependencies: ["Timeline"], swiftSettings: settings),
    .testTarget(
      name: "VideoIOTests", dependencies: ["Timeline", "VideoIO"], swiftSettings: settings),
    .testTarget(
      name: "AnnotationsTests", dependencies: ["Annotations"], swiftSettings: settings),
    .testTarget(
      name: "TrackingTests", dependencies: ["Annotations", "Tracking"], swiftSettings: settings),
    .testTarget(
      name: "QualityTests",
      dependencies: ["Annotations", "CLuma", "Quality", "Timeline", "VideoIO"],
      swiftSettings: unsafeSettings),
    .testTarget(
      name: "ReviewStoreTests",
      dependencies: [
        "Annotations", "Quality", "ReviewStore", "Timeline",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ExportsTests", dependencies: ["Annotations", "Exports", "Quality", "Timeline"],
      swiftSettings: settings),
    .testTarget(
      name: "ScanTests",
      dependencies: ["Annotations", "Quality", "ReviewStore", "Scan", "Timeline", "VideoIO"],
      swiftSettings: settings),
    .testTarget(
      name: "ContinuityTests",
      dependencies: [
        "Quality", "ReviewStore", "Scan", "continuity",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
  ]
)
