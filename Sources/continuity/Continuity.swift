import ArgumentParser

@main
struct Continuity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "continuity", abstract: "A linter for labels and predictions on video.")
}
