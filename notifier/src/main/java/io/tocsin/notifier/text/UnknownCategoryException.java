package io.tocsin.notifier.text;

/** A notice is to name a category that its texts have no name for. */
public final class UnknownCategoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String categoryId;

  UnknownCategoryException(String categoryId, String template) {
    super("category " + PlainText.oneLine(categoryId) + " has no name in template " + template);
    this.categoryId = categoryId;
  }

  /** The id nobody named, as it was given. */
  public String categoryId() {
    return categoryId;
  }
}
