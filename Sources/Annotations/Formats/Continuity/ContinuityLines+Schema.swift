extension ContinuityLines {
  /// The JSON Schema (draft 2020-12) of one line.
  public static let schema = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "A line of Continuity's labels, version 1",
      "type": "object",
      "required": ["type"],
      "oneOf": [
        {"$ref": "#/$defs/header"}, {"$ref": "#/$defs/video"}, {"$ref": "#/$defs/category"},
        {"$ref": "#/$defs/image"}, {"$ref": "#/$defs/range"}, {"$ref": "#/$defs/track"},
        {"$ref": "#/$defs/instance"}
      ],
      "$defs": {
        "frame": {"type": "integer", "minimum": -10000000, "maximum": 10000000},
        "end": {
          "type": ["integer", "null"], "minimum": -10000000, "maximum": 10000001,
          "description": "The first frame after a range; null: the source leaves it open"
        },
        "place": {"type": "integer", "minimum": 0, "description": "The place of the video in the file"},
        "number": {"type": ["number", "null"], "description": "null: not a finite number"},
        "origin": {"enum": ["human", "interpolated", "tracked", "model", "imported", "unknown"]},
        "attributes": {"type": "object", "additionalProperties": {"type": "string"}},
        "point": {
          "type": "array", "items": {"$ref": "#/$defs/number"}, "minItems": 2, "maxItems": 2
        },
        "points": {"type": "array", "items": {"$ref": "#/$defs/point"}},
        "header": {
          "properties": {
            "type": {"const": "header"}, "format": {"const": "continuity"}, "version": {"const": 1}
          },
          "required": ["type", "format", "version"]
        },
        "video": {
          "properties": {
            "type": {"const": "video"}, "video": {"$ref": "#/$defs/place"},
            "name": {"type": "string"}, "width": {"type": "integer", "minimum": 1}, "height": {"type": "integer", "minimum": 1},
            "frame_count": {"type": "integer", "minimum": 0, "maximum": 10000000},
            "frame_rate": {"type": "number", "exclusiveMinimum": 0},
            "base": {"type": "integer", "description": "The number of the first frame in the file it came from"},
            "quantum": {"type": "number", "minimum": 0, "description": "The smallest step in pixels"},
            "annotated": {
              "oneOf": [
                {"const": "all"},
                {
                  "type": "object",
                  "properties": {"frames": {"type": "array", "items": {"$ref": "#/$defs/frame"}}},
                  "required": ["frames"]
                },
                {
                  "type": "object",
                  "properties": {
                    "step": {"type": "integer", "minimum": 1},
                    "start": {"$ref": "#/$defs/frame"}, "end": {"$ref": "#/$defs/end"}
                  },
                  "required": ["step", "start", "end"]
                }
              ]
            }
          },
          "required": ["type", "video"]
        },
        "category": {
          "properties": {
            "type": {"const": "category"}, "video": {"$ref": "#/$defs/place"},
            "name": {"type": "string"}, "source_id": {"type": "string"},
            "joints": {"type": "array", "items": {"type": "string"}},
            "edges": {
              "type": "array",
              "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
            },
            "mutable_attributes": {"type": "array", "items": {"type": "string"}}
          },
          "required": ["type", "video", "name"]
        },
        "image": {
          "properties": {
            "type": {"const": "image"}, "video": {"$ref": "#/$defs/place"},
            "frame": {"$ref": "#/$defs/frame"}, "name": {"type": "string"}
          },
          "required": ["type", "video", "frame", "name"]
        },
        "range": {
          "properties": {
            "type": {"const": "range"}, "video": {"$ref": "#/$defs/place"},
            "start": {"$ref": "#/$defs/frame"}, "end": {"$ref": "#/$defs/end"},
            "name": {"type": "string"}, "value": {"type": "string"}, "track": {"type": "string"},
            "origin": {"$ref": "#/$defs/origin"}, "confidence": {"type": "number"},
            "attributes": {"$ref": "#/$defs/attributes"}
          },
          "required": ["type", "video", "start", "end", "name"]
        },
        "track": {
          "properties": {
            "type": {"const": "track"}, "video": {"$ref": "#/$defs/place"},
            "id": {"type": "string"}, "class": {"type": "string"}, "tracked": {"type": "boolean"},
            "absences": {
              "type": "array",
              "items": {
                "type": "array", "minItems": 2, "maxItems": 2,
                "prefixItems": [
                  {"$ref": "#/$defs/frame"}, {"$ref": "#/$defs/end"}
                ]
              }
            },
            "attributes": {"$ref": "#/$defs/attributes"}
          },
          "required": ["type", "video", "id"]
        },
        "instance": {
          "properties": {
            "type": {"const": "instance"}, "video": {"$ref": "#/$defs/place"},
            "track": {"type": "string"}, "frame": {"$ref": "#/$defs/frame"},
            "shape": {"$ref": "#/$defs/shape"}, "class": {"type": "string"},
            "key_frame": {"type": "boolean"}, "origin": {"$ref": "#/$defs/origin"},
            "confidence": {"type": "number"},
            "visibility": {"oneOf": [{"enum": ["visible", "occluded"]}, {"type": "number"}]},
            "attributes": {"$ref": "#/$defs/attributes"}
          },
          "required": ["type", "video", "track", "frame", "shape"]
        },
        "shape": {
          "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
          "properties": {
            "box": {
              "description": "left, top, width, height", "type": "array",
              "items": {"$ref": "#/$defs/number"}, "minItems": 4, "maxItems": 4
            },
            "rotated_box": {
              "description": "centre x, centre y, width, height, radians clockwise",
              "type": "array", "items": {"$ref": "#/$defs/number"}, "minItems": 5, "maxItems": 5
            },
            "ellipse": {
              "description": "centre x, centre y, half axes, radians clockwise",
              "type": "array", "items": {"$ref": "#/$defs/number"}, "minItems": 5, "maxItems": 5
            },
            "polygon": {
              "description": "parts of rings, the first one outside, the others holes",
              "type": "array",
              "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/points"}}
            },
            "polyline": {"$ref": "#/$defs/points"},
            "points": {"$ref": "#/$defs/points"},
            "cuboid": {"$ref": "#/$defs/points", "minItems": 8, "maxItems": 8},
            "skeleton": {
              "description": "joints: name, x, y, 0 absent 1 hidden 2 visible, score or null",
              "type": "array",
              "items": {
                "type": "array", "minItems": 5, "maxItems": 5,
                "prefixItems": [
                  {"type": "string"}, {"$ref": "#/$defs/number"}, {"$ref": "#/$defs/number"},
                  {"enum": [0, 1, 2]}, {"type": ["number", "null"]}
                ]
              }
            },
            "mask": {
              "type": "object",
              "properties": {
                "left": {"type": "integer"}, "top": {"type": "integer"},
                "width": {"type": "integer", "minimum": 0},
                "height": {"type": "integer", "minimum": 0},
                "runs": {
                  "description": "row-major in the crop, unset and set in turn, unset first",
                  "type": "array", "items": {"type": "integer", "minimum": 0}
                }
              },
              "required": ["left", "top", "width", "height", "runs"]
            }
          }
        }
      }
    }
    """#
}
