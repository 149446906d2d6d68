// swift-tools-version: 6.2
import Foundation
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

// libhdf5 is optional: without it SLEAP's files are refused with one sentence. CONTINUITY_HDF5=0 or 1
// decides; otherwise it is looked for where pkg-config looks, and the name found there is used.
let hdf5Module: String? = {
  let wish = Context.environment["CONTINUITY_HDF5"]
  guard wish != "0" else { return nil }
  let files = FileManager.default
  let libraries = ["/usr", "/usr/local", "/opt/homebrew"].flatMap { root in
    let names = (try? files.contentsOfDirectory(atPath: root + "/lib")) ?? []
    return ["lib", "lib64", "share"].map { "\(root)/\($0)" }
      + names.filter { $0.contains("-linux-") }.map { "\(root)/lib/\($0)" }
  }
  let named = (Context.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":").map(String.init)
  let folders = named + libraries.map { $0 + "/pkgconfig" }
  let found = ["hdf5-serial", "hdf5"].first { name in
    folders.contains { files.fileExists(atPath: "\($0)/\(name).pc") }
  }
  return found ?? (wish == "1" ? "hdf5" : nil)
}()
let hdf5Library: [Target] =
  hdf5Module.map { module in
    [
      .systemLibrary(
        name: "CHDF5", pkgConfig: module, providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])])
    ]
  } ?? []

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
    // On macOS Homebrew keeps libarchive apart from the system's; SwiftPM looks there by itself.
    .systemLibrary(
      name: "CArchive",
      pkgConfig: "libarchive zlib",
      providers: [.apt(["libarchive-dev", "zlib1g-dev"]), .brew(["libarchive", "zlib"])]),
    .target(name: "CLuma", cSettings: [.define("NDEBUG")]),
    .target(name: "Timeline", swiftSettings: settings),
    .target(
      name: "VideoIO", dependencies: ["CFFmpeg", "Timeline"], swiftSettings: unsafeSettings),
    .target(name: "Archives", dependencies: ["CArchive"], swiftSettings: unsafeSettings),
    .target(
      name: "HDF5", dependencies: hdf5Module == nil ? [] : ["CHDF5"],
      swiftSettings: unsafeSettings),
    .target(
      name: "Annotations",
      dependencies: ["Archives", "HDF5", "Timeline", .product(name: "Yams", package: "Yams")],
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
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5"], swiftSettings: settings),
    .testTarget(
      name: "ArchivesTests", dependencies: ["Archives"], swiftSettings: settings),
    .testTarget(
      name: "AnnotationsTests",
      dependencies: ["Annotations", "Archives", "HDF5", "Scan", "VideoIO"],
      swiftSettings: settings),
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
  ] + hdf5Library
)
