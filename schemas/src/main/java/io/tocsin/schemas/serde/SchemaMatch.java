package io.tocsin.schemas.serde;

import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Whether records of one schema can be read as another, and if not, why. */
final class SchemaMatch {

  private static final Optional<String> NONE = Optional.empty();

  private SchemaMatch() {}

  /** What stands in the way, in words that name schema elements only; empty if nothing does. */
  static Optional<String> problem(Schema reader, Schema writer) {
    var pair = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (pair.getType() != SchemaCompatibilityType.COMPATIBLE) {
      return pair.getResult().getIncompatibilities().stream()
          .findFirst()
          .map(found -> found.getType() + " at " + found.getLocation() + ", " + found.getMessage())
          .or(() -> Optional.of("the schemas are incompatible"));
    }
    return logicalProblem(reader, writer, "", new HashSet<>());
  }

  /**
   * Avro resolves by physical type alone: microseconds would pass for milliseconds, a thousandfold
   * error that no reader notices. So two logical types that differ are refused.
   */
  private static Optional<String> logicalProblem(
      Schema reader, Schema writer, String path, Set<String> seen) {
    LogicalType expected = reader.getLogicalType();
    LogicalType found = writer.getLogicalType();
    if (expected != null && found != null && !Objects.equals(expected.getName(), found.getName())) {
      return Optional.of(
          "LOGICAL_TYPE at " + path + ", " + found.getName() + " for " + expected.getName());
    }
    if (writer.getType() == Schema.Type.UNION) {
      return writer.getTypes().stream()
          .flatMap(branch -> logicalProblem(reader, branch, path, seen).stream())
          .findFirst();
    }
    if (reader.getType() == Schema.Type.UNION) {
      return reader.getTypes().stream()
          .filter(branch -> branch.getType() == writer.getType())
          .filter(branch -> Objects.equals(branch.getFullName(), writer.getFullName()))
          .findFirst()
          .flatMap(branch -> logicalProblem(branch, writer, path, seen));
    }
    if (reader.getType() != writer.getType()) {
      return NONE;
    }
    return switch (reader.getType()) {
      case ARRAY ->
          logicalProblem(reader.getElementType(), writer.getElementType(), path + "/items", seen);
      case MAP ->
          logicalProblem(reader.getValueType(), writer.getValueType(), path + "/values", seen);
      case RECORD -> seen.add(reader.getFullName()) ? inFields(reader, writer, path, seen) : NONE;
      default -> NONE;
    };
  }

  private static Optional<String> inFields(
      Schema reader, Schema writer, String path, Set<String> seen) {
    for (Schema.Field field : reader.getFields()) {
      Schema.Field written = writer.getField(field.name());
      if (written != null) {
        var problem =
            logicalProblem(field.schema(), written.schema(), path + "/" + field.name(), seen);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return NONE;
  }
}
