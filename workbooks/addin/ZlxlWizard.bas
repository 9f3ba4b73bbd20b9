Attribute VB_Name = "ZlxlWizard"
Option Explicit
Option Private Module

' Tells the function wizard what the sheet zlxl.functions says: name, description, then its arguments.

Public Function ZL_Describe() As Boolean
    Dim page As Worksheet, row As Long
    On Error GoTo failed
    Set page = ThisWorkbook.Worksheets("zlxl.functions")
    row = 1
    Do While CStr(page.Cells(row, 1).Value) <> ""
        ZL_DescribeRow page, row
        row = row + 1
    Loop
    ZL_Describe = True
failed:
End Function

Private Sub ZL_DescribeRow(ByVal page As Worksheet, ByVal row As Long)
    Dim helps() As String, count As Long, macro As String
    macro = "'" & ThisWorkbook.Name & "'!" & page.Cells(row, 1).Value
    Do While CStr(page.Cells(row, 3 + count).Value) <> ""
        ReDim Preserve helps(0 To count)
        helps(count) = CStr(page.Cells(row, 3 + count).Value)
        count = count + 1
    Loop
    If count = 0 Then
        Application.MacroOptions macro:=macro, Description:=page.Cells(row, 2).Value, Category:=ZL_Text("category")
    Else
        Application.MacroOptions macro:=macro, Description:=page.Cells(row, 2).Value, _
            Category:=ZL_Text("category"), ArgumentDescriptions:=helps
    End If
End Sub
