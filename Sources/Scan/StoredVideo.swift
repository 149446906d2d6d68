import ReviewStore

/// The description of a video as the store takes it.
///
/// The reader of videos has a type of the same name, and the class ``ReviewStore`` hides the module
/// it lives in, so the name is made unambiguous where only the store is imported.
typealias StoredVideo = VideoInfo
